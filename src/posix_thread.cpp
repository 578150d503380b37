#include <pthread.h>

#include <cstddef>

#include "lot/uncancelled.hpp"
#include "native_thread.hpp"

namespace park::detail {

int start_native_thread(native_thread& made, std::size_t stack_size, void* (*run)(void*), void* argument) noexcept {
  if (stack_size == 0) return ::pthread_create(&made, nullptr, run, argument);
  pthread_attr_t with;
  if (const int error = ::pthread_attr_init(&with); error != 0) return error;
  int error = ::pthread_attr_setstacksize(&with, stack_size);
  if (error == 0) error = ::pthread_create(&made, &with, run, argument);
  ::pthread_attr_destroy(&with);
  return error;
}

void join_native_thread(native_thread thread) noexcept {
  const uncancelled guard;
  ::pthread_join(thread, nullptr);
}

void detach_native_thread(native_thread thread) noexcept { ::pthread_detach(thread); }

}  // namespace park::detail
