// park::futex_lot by FUTEX_WAIT and FUTEX_WAKE alone, for sandboxes that end a process at any other operation (CMake: -DPARK_REQUEUE=OFF).
// Sleepers are woken instead of moved. A wait until a time asks the clock before each sleep and after it, and one on the system clock wakes each
// second.
#include <cstdint>

#include "lot/futex_call.hpp"
#include "park/futex_lot.hpp"

namespace park {

bool futex_lot::park(address where, std::uint32_t value, deadline until) noexcept {
  const detail::errno_kept guard;
  return detail::plain_futex_wait(where, value, until) != ETIMEDOUT;
}

void futex_lot::unpark(address where, std::uint32_t count) noexcept {
  const detail::errno_kept guard;
  detail::futex_wake(where, count);
}

void futex_lot::requeue(address from, std::uint32_t, address) noexcept { unpark(from, everyone); }

}  // namespace park
