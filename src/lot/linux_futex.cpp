#include <linux/futex.h>
#include <linux/posix_types.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>

#include "park/futex_lot.hpp"

namespace park {
namespace {

#if defined(SYS_futex)
constexpr long futex_call = SYS_futex;
#else
constexpr long futex_call = SYS_futex_time64;
#endif

// What the kernel reads, which is not always the C library's timespec: on a 32-bit machine that may have a 64-bit time_t, while
// SYS_futex reads two 32-bit numbers and SYS_futex_time64 two 64-bit ones.
template <class Number>
struct kernel_timespec {
  Number seconds;
  Number nanoseconds;
};

// 0, or the error.
template <class Number>
int wait_by(long call, const void* where, std::uint32_t value, deadline until) noexcept {
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  const std::int64_t seconds = until.since_epoch().count() / nanoseconds_per_second;
  const std::int64_t fitting = std::min<std::int64_t>(seconds, std::numeric_limits<Number>::max());
  const kernel_timespec<Number> time{static_cast<Number>(fitting),
                                     static_cast<Number>(until.since_epoch().count() % nanoseconds_per_second)};
  const int clock = until.which() == deadline::clock::system ? FUTEX_CLOCK_REALTIME : 0;
  const long result = ::syscall(call, where, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | clock, value,
                                until.is_never() ? nullptr : &time, nullptr, FUTEX_BITSET_MATCH_ANY);
  if (result != -1 || (errno == ETIMEDOUT && fitting < seconds)) return 0;  // not yet time: the caller looks again
  return errno;
}

// SYS_futex_time64 is there on 32-bit machines only, since Linux 5.1; older filters of system calls refuse it with EPERM.
int wait(const void* where, std::uint32_t value, deadline until) noexcept {
#if defined(SYS_futex_time64)
  const int error = wait_by<std::int64_t>(SYS_futex_time64, where, value, until);
  if (error != ENOSYS && error != EPERM) return error;
#endif
  return wait_by<__kernel_long_t>(futex_call, where, value, until);
}

}  // namespace

bool futex_lot::park(address where, std::uint32_t value, deadline until) noexcept {
  const int saved_errno = errno;
  const bool timed_out = wait(where, value, until) == ETIMEDOUT;
  errno = saved_errno;
  return !timed_out;
}

void futex_lot::unpark(address where, std::uint32_t count) noexcept {
  if (count == 0) return;  // FUTEX_WAKE takes 0 for 1
  const int saved_errno = errno;
  ::syscall(futex_call, where, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count);  // EFAULT: the word is gone, and so is everyone
  errno = saved_errno;
}

void futex_lot::requeue(address from, std::uint32_t value, address to) noexcept {
  const int saved_errno = errno;
  const long result = ::syscall(futex_call, from, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 0, everyone, to, value);
  if (result == -1 && errno != EAGAIN) unpark(from, everyone);  // a filter of system calls refused it
  errno = saved_errno;
}

}  // namespace park
