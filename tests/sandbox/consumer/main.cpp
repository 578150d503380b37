// Ends with 0 if threads can wait for a condition, in each way, where the kernel kills a process that makes another private futex call than
// FUTEX_WAIT and FUTEX_WAKE. Those that are not private are the C library's, which joins threads by them.
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <park/condition_variable.hpp>
#include <park/mutex.hpp>
#include <park/thread.hpp>

namespace {

using namespace std::chrono_literals;

bool enter_sandbox() {
  constexpr unsigned low_half = std::endian::native == std::endian::big ? 4 : 0;
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_futex, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + 8 + low_half),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, FUTEX_PRIVATE_FLAG, 0, 3),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

int main() {
  if (!enter_sandbox()) {
    std::puts("Skipped: this system has no filter of system calls");
    return 0;
  }
  park::mutex mutex;
  park::condition_variable changed, never;
  int waiting = 0, over = 0;
  bool ready = false;
  {
    const auto wait = [&](auto by) {
      std::unique_lock<park::mutex> hold(mutex);
      ++waiting;
      by(hold);
      ++over;
    };
    const auto until_ready = [&](auto& hold) { changed.wait(hold, [&] { return ready; }); };
    const auto until_a_time = [&](auto& hold) {
      changed.wait_until(hold, std::chrono::system_clock::now() + 1h, [&] { return ready; });
    };
    park::thread one([&] { wait(until_ready); }), two([&] { wait(until_ready); }), three([&] { wait(until_a_time); });
    for (bool all = false; !all;) {
      std::unique_lock<park::mutex> hold(mutex);
      never.wait_for(hold, 1ms);
      never.wait_until(hold, std::chrono::system_clock::now() + 1ms);
      all = waiting == 3;
    }
    const std::lock_guard<park::mutex> hold(mutex);
    ready = true;
    changed.notify_all();
  }
  return over == 3 ? 0 : 1;
}
