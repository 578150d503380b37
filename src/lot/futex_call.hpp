// The futex call of Linux, as the bodies of park::futex_lot make it.
#pragma once

#include <linux/futex.h>
#include <linux/posix_types.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <limits>

#include "park/deadline.hpp"

namespace park::detail {

#if defined(SYS_futex)
inline constexpr long futex_call = SYS_futex;
#else
inline constexpr long futex_call = SYS_futex_time64;
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
int futex_wait_by(long call, const void* where, int operation, std::uint32_t value,
                  const std::chrono::nanoseconds* time) noexcept {
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  const std::int64_t all = time != nullptr ? time->count() : 0, seconds = all / nanoseconds_per_second;
  const std::int64_t fitting = std::min<std::int64_t>(seconds, std::numeric_limits<Number>::max());
  const kernel_timespec<Number> split{static_cast<Number>(fitting), static_cast<Number>(all % nanoseconds_per_second)};
  const long result = ::syscall(call, where, operation | FUTEX_PRIVATE_FLAG, value, time != nullptr ? &split : nullptr,
                                nullptr, FUTEX_BITSET_MATCH_ANY);
  if (result != -1 || (errno == ETIMEDOUT && fitting < seconds)) return 0;  // not yet time: the caller looks again
  return errno;
}

// A filter of system calls does not let it pass, or the kernel has it not.
inline bool is_refusal(int error) noexcept { return error == ENOSYS || error == EPERM; }

// Waits by FUTEX_WAIT or FUTEX_WAIT_BITSET, without end where there is no time. 0, or the error.
// SYS_futex_time64 is there on 32-bit machines only, since Linux 5.1; older filters refuse it.
inline int futex_wait(const void* where, int operation, std::uint32_t value,
                      const std::chrono::nanoseconds* time) noexcept {
#if defined(SYS_futex_time64)
  const int error = futex_wait_by<std::int64_t>(SYS_futex_time64, where, operation, value, time);
  if (!is_refusal(error)) return error;
#endif
  return futex_wait_by<__kernel_long_t>(futex_call, where, operation, value, time);
}

// Waits by FUTEX_WAIT alone, which takes a time from now on the steady clock: so for the system clock, which may jump, for a second at most.
// 0, or the error; ETIMEDOUT only once `until` has passed.
inline int plain_futex_wait(const void* where, std::uint32_t value, deadline until) noexcept {
  if (until.is_never()) return futex_wait(where, FUTEX_WAIT, value, nullptr);
  constexpr std::chrono::nanoseconds longest = std::chrono::seconds(1);
  const std::chrono::nanoseconds left = until.remaining();
  if (left <= std::chrono::nanoseconds::zero()) return ETIMEDOUT;
  const std::chrono::nanoseconds time = until.which() == deadline::clock::system ? std::min(left, longest) : left;
  const int error = futex_wait(where, FUTEX_WAIT, value, &time);
  return error == ETIMEDOUT && !until.passed() ? 0 : error;
}

inline void futex_wake(const void* where, std::uint32_t count) noexcept {
  if (count == 0) return;                                                // FUTEX_WAKE takes 0 for 1
  ::syscall(futex_call, where, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count);  // EFAULT: the word is gone, and so is everyone
}

class errno_kept {
 public:
  errno_kept() noexcept = default;
  errno_kept(const errno_kept&) = delete;
  errno_kept& operator=(const errno_kept&) = delete;
  ~errno_kept() { errno = before_; }

 private:
  const int before_ = errno;
};

}  // namespace park::detail
