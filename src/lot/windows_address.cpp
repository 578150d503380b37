#include <algorithm>
#include <chrono>
#include <cstdint>

#include "lot/last_error.hpp"
#include "lot/windows.hpp"
#include "park/address_lot.hpp"

namespace park {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// The longest sleep that is not for ever; on the system clock, whose jumps a sleep does not follow, a second.
constexpr milliseconds longest{INFINITE - 1}, longest_on_system_clock{1000};

DWORD sleep_until(deadline until, nanoseconds left) noexcept {
  if (until.is_never()) return INFINITE;
  const milliseconds most = until.which() == deadline::clock::system ? longest_on_system_clock : longest;
  return static_cast<DWORD>(std::min(std::chrono::ceil<milliseconds>(left), most).count());
}

// Read as WaitOnAddress does: in one access, of these 32 bits alone.
std::uint32_t bits_at(const void* where) noexcept { return *static_cast<const volatile std::uint32_t*>(where); }

}  // namespace

bool address_lot::park(address where, std::uint32_t value, deadline until) noexcept {
  const nanoseconds left = until.remaining();
  if (left <= nanoseconds::zero()) return bits_at(where) != value;
  const detail::last_error kept;
  ::WaitOnAddress(const_cast<void*>(where), &value, sizeof value, sleep_until(until, left));
  return true;
}

void address_lot::unpark(address where, std::uint32_t count) noexcept {
  const detail::last_error kept;
  void* const place = const_cast<void*>(where);
  if (count >= everyone) return ::WakeByAddressAll(place);
  for (; count > 0; --count) ::WakeByAddressSingle(place);
}

}  // namespace park
