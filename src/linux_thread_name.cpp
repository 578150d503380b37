#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

#include "native_thread.hpp"

namespace park::detail {
namespace {

constexpr std::size_t room = 16;  // TASK_COMM_LEN, with the zero at the end

}  // namespace

void name_this_native_thread(std::string_view name) noexcept {
  char shown[room] = {};
  const std::string_view fitting = whole_characters(name, room - 1);
  fitting.copy(shown, fitting.size());
  ::pthread_setname_np(::pthread_self(), shown);
}

std::string name_of_this_native_thread() {
  char shown[room] = {};
  ::pthread_getname_np(::pthread_self(), shown, room);
  return shown;
}

bool is_main_thread() noexcept { return ::getpid() == ::syscall(SYS_gettid); }

bool others_are_gone() noexcept { return false; }

}  // namespace park::detail
