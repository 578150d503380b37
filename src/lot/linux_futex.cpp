// park::futex_lot with all that the kernel has for it. linux_wait_and_wake.cpp is for sandboxes that know less.
#include <chrono>
#include <cstdint>

#include "lot/futex_call.hpp"
#include "park/futex_lot.hpp"

namespace park {
namespace {

int wait(const void* where, std::uint32_t value, deadline until) noexcept {
  const std::chrono::nanoseconds time = until.since_epoch();
  const int clock = until.which() == deadline::clock::system ? FUTEX_CLOCK_REALTIME : 0;
  const int error = detail::futex_wait(where, FUTEX_WAIT_BITSET | clock, value, until.is_never() ? nullptr : &time);
  return detail::is_refusal(error) ? detail::plain_futex_wait(where, value, until) : error;
}

}  // namespace

bool futex_lot::park(address where, std::uint32_t value, deadline until) noexcept {
  const detail::errno_kept guard;
  return wait(where, value, until) != ETIMEDOUT;
}

void futex_lot::unpark(address where, std::uint32_t count) noexcept {
  const detail::errno_kept guard;
  detail::futex_wake(where, count);
}

void futex_lot::requeue(address from, std::uint32_t value, address to) noexcept {
  const detail::errno_kept guard;
  const long result =
      ::syscall(detail::futex_call, from, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 0, everyone, to, value);
  if (result == -1 && errno != EAGAIN) detail::futex_wake(from, everyone);  // it was refused
}

}  // namespace park
