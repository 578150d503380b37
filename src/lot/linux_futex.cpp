#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "park/futex_lot.hpp"

namespace park {
namespace {

timespec to_timespec(deadline until) noexcept {
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  const std::int64_t nanoseconds = until.since_epoch().count();
  timespec time{};
  time.tv_sec = static_cast<decltype(time.tv_sec)>(nanoseconds / nanoseconds_per_second);
  time.tv_nsec = static_cast<decltype(time.tv_nsec)>(nanoseconds % nanoseconds_per_second);
  return time;
}

}  // namespace

bool futex_lot::park(address where, std::uint32_t value, deadline until) noexcept {
  const int clock = until.which() == deadline::clock::system ? FUTEX_CLOCK_REALTIME : 0;
  const timespec time = to_timespec(until);
  const int saved_errno = errno;
  const long result = ::syscall(SYS_futex, where, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | clock, value,
                                until.is_never() ? nullptr : &time, nullptr, FUTEX_BITSET_MATCH_ANY);
  const bool timed_out = result == -1 && errno == ETIMEDOUT;
  errno = saved_errno;
  return !timed_out;
}

void futex_lot::unpark(address where, std::uint32_t count) noexcept {
  if (count == 0) return;  // FUTEX_WAKE takes 0 for 1
  const int saved_errno = errno;
  ::syscall(SYS_futex, where, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count);  // EFAULT: the word is gone, and so is everyone
  errno = saved_errno;
}

}  // namespace park
