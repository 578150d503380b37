// A seccomp filter turns every system call into a SIGSYS, except those made by pass_through(); the handler counts the
// call, makes it through there, and puts the result where the interrupted code expects it.
//
// The kernel kills a thread that is trapped while SIGSYS is blocked. libc blocks all signals while it starts and ends a
// thread, so the filter lets pass what it calls there, and what would change the mask behind the handler's back.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>  // siginfo_t
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/linux_system_call.hpp"
#include "platform/system_call_counter.hpp"

namespace bench::platform {
namespace {

constexpr long let_pass[] = {
    SYS_rt_sigreturn,
    SYS_rt_sigprocmask,
    SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_clone,
    SYS_execve,
    SYS_execveat,
    SYS_exit,
    SYS_exit_group,
    SYS_set_tid_address,
    SYS_set_robust_list,
    SYS_gettid,
    SYS_tgkill,
    SYS_mmap,
    SYS_munmap,
    SYS_mprotect,
    SYS_madvise,
    SYS_mremap,
    SYS_brk,
    SYS_prctl,
    // Not in every <sys/syscall.h>; the numbers are the same on all CPUs, or given to nothing else.
    435 /* clone3 */,
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_vfork
    SYS_vfork,
#endif
};

// futex, futex_waitv, futex_wake, futex_wait, futex_requeue: the later four have the same numbers on all CPUs.
constexpr long futex_calls[] = {SYS_futex, 449, 454, 455, 456};

constexpr int trapped_by_seccomp = 1;  // SYS_SECCOMP, which libc's headers lack

std::atomic<bool> installed{false};
std::atomic<std::uint64_t> all_calls{0};
std::atomic<std::uint64_t> all_futex_calls{0};
thread_local constinit volatile std::sig_atomic_t counted = 0;  // read by the handler

void on_trap(int, siginfo_t* information, void* context) {
  if (information->si_code != trapped_by_seccomp) return;  // somebody's kill(SIGSYS)
  auto& interrupted = *static_cast<ucontext_t*>(context);
  const system_call call = trapped_call(interrupted);
  if (counted) {
    // relaxed: read by counted_system_calls() when it pleases
    all_calls.fetch_add(1, std::memory_order_relaxed);
    const bool futex = std::find(std::begin(futex_calls), std::end(futex_calls), call.number) != std::end(futex_calls);
    if (futex) all_futex_calls.fetch_add(1, std::memory_order_relaxed);
  }
  set_result(interrupted, pass_through(call));
}

std::vector<sock_filter> make_filter() {
  constexpr auto load = static_cast<std::uint16_t>(BPF_LD | BPF_W | BPF_ABS);
  constexpr auto equal = static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K);
  constexpr auto answer = static_cast<std::uint16_t>(BPF_RET | BPF_K);
  constexpr std::uint32_t pointer = offsetof(seccomp_data, instruction_pointer);
  constexpr std::uint32_t low = std::endian::native == std::endian::little ? 0 : 4;
  const std::uint64_t passed = pass_through_address();
  std::vector<sock_filter> filter{
      {load, 0, 0, offsetof(seccomp_data, arch)},
      {equal, 1, 0, audit_architecture},
      {answer, 0, 0, SECCOMP_RET_ALLOW},
      {load, 0, 0, pointer + low},
      {equal, 0, 3, static_cast<std::uint32_t>(passed)},
      {load, 0, 0, pointer + 4 - low},
      {equal, 0, 1, static_cast<std::uint32_t>(passed >> 32)},
      {answer, 0, 0, SECCOMP_RET_ALLOW},
      {load, 0, 0, offsetof(seccomp_data, nr)},
  };
  for (const long number : let_pass) {
    filter.push_back({equal, 0, 1, static_cast<std::uint32_t>(number)});
    filter.push_back({answer, 0, 0, SECCOMP_RET_ALLOW});
  }
  filter.push_back({answer, 0, 0, SECCOMP_RET_TRAP});
  return filter;
}

void check(bool succeeded, const char* what) {
  if (!succeeded) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

void install_system_call_counter() {
  struct sigaction action{};
  action.sa_sigaction = on_trap;
  action.sa_flags =
      SA_SIGINFO | SA_NODEFER;  // other handlers may run while a trapped call waits, and make calls themselves
  check(sigaction(SIGSYS, &action, nullptr) == 0, "sigaction");
  std::vector<sock_filter> filter = make_filter();
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl(PR_SET_NO_NEW_PRIVS)");
  check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "prctl(PR_SET_SECCOMP)");
  installed = true;
}

std::optional<system_calls> counted_system_calls() noexcept {
  if (!installed) return std::nullopt;
  return system_calls{all_calls.load(std::memory_order_relaxed), all_futex_calls.load(std::memory_order_relaxed)};
}

counted_section::counted_section() noexcept { counted = 1; }
counted_section::~counted_section() { counted = 0; }

uncounted_section::uncounted_section() noexcept : counted_before_(counted != 0) { counted = 0; }
uncounted_section::~uncounted_section() { counted = counted_before_ ? 1 : 0; }

}  // namespace bench::platform
