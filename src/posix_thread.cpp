#include <pthread.h>

#include "lot/uncancelled.hpp"
#include "native_thread.hpp"

namespace park::detail {

int start_native_thread(native_thread& made, void* (*run)(void*), void* argument) noexcept {
  return ::pthread_create(&made, nullptr, run, argument);
}

void join_native_thread(native_thread thread) noexcept {
  const uncancelled guard;
  ::pthread_join(thread, nullptr);
}

void detach_native_thread(native_thread thread) noexcept { ::pthread_detach(thread); }

}  // namespace park::detail
