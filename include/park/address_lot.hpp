// park::address_lot: threads parked on WaitOnAddress of Windows (8 or later), private to the process.
//
// park is WaitOnAddress, which compares the word and queues the thread in one step towards a wake; unpark is WakeByAddressSingle, as often as
// it has to wake, or WakeByAddressAll. A wake where nobody waits is no system call, and does not touch the word.
//
// Deadlines: WaitOnAddress takes milliseconds from now. A sleep is rounded up to whole ones and never longer than it can say; one that is
// over before the deadline, by the clock of the deadline, returns true, and the caller parks for the rest. So park follows the jumps of the
// system clock within the second that it sleeps at most on that clock.
// Whether a sleep that ran out of time took a wake with it, which then would be lost, Windows does not say (and Wine's may). So no sleep
// ends in false: the caller looks at the word as after any wake, and false is for the next call, which finds the deadline passed and does
// not sleep.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "park/brief_backoff.hpp"
#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/lot_atomic.hpp"
#include "park/lot.hpp"

namespace park {

struct address_lot {
  static constexpr const char* name = "address";

  template <class T>
  using atomic = detail::lot_atomic<T>;
  using backoff = brief_backoff;
  using address = const void*;

  static address whole(const atomic<std::uint32_t>& word) noexcept { return &word; }
  // Windows keeps the less significant half first on every CPU that it runs on.
  static address low_half(const atomic<std::uint64_t>& word) noexcept { return &word; }
  static address high_half(const atomic<std::uint64_t>& word) noexcept {
    return reinterpret_cast<const char*>(&word) + 4;
  }

  // Both leave GetLastError() as it was.
  PARK_API static bool park(address where, std::uint32_t value, deadline until) noexcept;
  PARK_API static void unpark(address where, std::uint32_t count) noexcept;
  static void yield() noexcept { std::this_thread::yield(); }

 private:
  static_assert(sizeof(atomic<std::uint32_t>) == 4 && atomic<std::uint32_t>::is_always_lock_free);
  static_assert(sizeof(atomic<std::uint64_t>) == 8);
};

static_assert(parking_lot<address_lot>);

}  // namespace park
