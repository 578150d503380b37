#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

#include "native_thread.hpp"

// The kernel is asked itself: not every C library has pthread_getname_np.
namespace park::detail {
namespace {

constexpr std::size_t room = 16;  // TASK_COMM_LEN, with the zero at the end

}  // namespace

void name_this_native_thread(std::string_view name) noexcept {
  char shown[room] = {};
  const std::string_view fitting = whole_characters(name, room - 1);
  fitting.copy(shown, fitting.size());
  ::prctl(PR_SET_NAME, shown);
}

std::string name_of_this_native_thread() {
  char shown[room] = {};
  ::prctl(PR_GET_NAME, shown);
  return shown;
}

bool is_main_thread() noexcept { return ::getpid() == ::syscall(SYS_gettid); }

bool others_are_gone() noexcept { return false; }

}  // namespace park::detail
