// Up to PTRDIFF_MAX permits, in a word without room for a count of those who wait: the state machine of a counting_semaphore whose N does
// not fit in 31 bits, and of every one where a word of 64 bits would take a lock.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/wait.hpp"
#include "park/lot.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// The words.
//
//   permits_   >= 0   What is free.
//              -1     Nothing is free, and some thread may be parked: on the upper half, which no other value makes 0xffffffff; or, of a
//                     word of 32 bits, on the whole.
//   gate_      0, 1, 2   Open; held by the one thread that collects permits in acquire(n), n > 1; held, and some thread may be parked
//                        on it.
//
// There is no room for a count of waiters, so wakes are chained. Call a thread an heir from when its park() returned true until it
// takes a permit, marks the word -1, or parks again. Invariant: where a thread sleeps, permits_ is -1 or there is an heir.
//
//   park           only on -1, compared and slept on in one step.
//   release(n)     replaces -1 by n in one compare-exchange and, if it did, unparks n: if anybody slept, there is an heir now.
//   an heir        that takes the last permit leaves -1, not 0, since others may sleep; one that leaves permits behind unparks one
//                  more, which is the next heir; one that finds 0 makes it -1.
//   others         take permits as they find them: if they leave 0 while somebody sleeps, an heir is on its way to mark it.
//   giving up      park() returned false, so no unpark was spent on this thread: it owes nobody anything.
//
// The price of the missing count is at most one needless system call after each contended spell.
template <parking_lot Lot>
class wide_permits {
 public:
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;

  using word_type = std::conditional_t<has_lock_free_pairs<Lot>, std::uint64_t, std::uint32_t>;

  static constexpr std::ptrdiff_t max = static_cast<std::ptrdiff_t>(std::min<std::uintmax_t>(
      (std::numeric_limits<std::ptrdiff_t>::max)(), (std::numeric_limits<word_type>::max)() / 2));

  constexpr explicit wide_permits(std::ptrdiff_t desired) noexcept
      : permits_(static_cast<word_type>(desired)), gate_(open) {}

  std::ptrdiff_t available() const noexcept {
    return static_cast<std::ptrdiff_t>(free_permits(permits_.load(std::memory_order_relaxed)));
  }

  bool try_acquire(std::ptrdiff_t n) noexcept { return take(static_cast<word_type>(n), stranger); }

  bool try_acquire_alone(std::ptrdiff_t n) noexcept { return try_acquire(n); }

  // n > 0. From the compare-exchange on, an acquirer may destroy the semaphore: the rest uses the address alone.
  void release(std::ptrdiff_t n, std::ptrdiff_t most_permits) noexcept {
    if (!release_up_to(n, most_permits)) [[unlikely]]
      contract_violation("counting_semaphore::release(n): the count would pass max()");
  }

  // The same, but false where the permits would pass `most_permits`: then nothing is changed, and not for an instant.
  [[nodiscard]] bool release_up_to(std::ptrdiff_t n, std::ptrdiff_t most_permits) noexcept {
    const auto added = static_cast<word_type>(n);
    const address where = waiting_address();
    // relaxed: who gives back what has been acquired reads a count of after that
    word_type before = permits_.load(std::memory_order_relaxed);
    do {
      if (added > static_cast<word_type>(most_permits) - free_permits(before)) [[unlikely]]
        return false;
      // release: publishes the caller's work
    } while (!permits_.compare_exchange_weak(before, free_permits(before) + added, std::memory_order_release,
                                             std::memory_order_relaxed));
    if (before == exhausted) [[unlikely]]
      unpark(where, added);
    return true;
  }

  bool acquire(std::ptrdiff_t n, limit until) noexcept {
    const auto wanted = static_cast<word_type>(n);
    return n == 1 ? acquire_one(until) : acquire_many(wanted, until);
  }

  address waiting_address() const noexcept {
    if constexpr (sizeof(word_type) == 8) {
      return Lot::high_half(permits_);
    } else {
      return Lot::whole(permits_);
    }
  }
  address gate_address() const noexcept { return Lot::whole(gate_); }

 private:
  static constexpr word_type exhausted = ~word_type{0};
  static constexpr std::uint32_t exhausted_half = ~std::uint32_t{0};
  static constexpr std::uint32_t open = 0, held = 1, wanted_too = 2;
  static constexpr bool heir = true, stranger = false;

  static constexpr word_type free_permits(word_type word) noexcept { return word == exhausted ? 0 : word; }

  address looked_at() const noexcept {
    if constexpr (sizeof(word_type) == 8) {
      return Lot::low_half(permits_);
    } else {
      return Lot::whole(permits_);
    }
  }

  static void unpark(address where, word_type count) noexcept {
    Lot::unpark(where, static_cast<std::uint32_t>(std::min<word_type>(count, everyone)));
  }

  // Takes n > 0 permits, all or nothing.
  bool take(word_type n, bool as) noexcept {
    word_type seen = permits_.load(std::memory_order_relaxed);
    while (free_permits(seen) >= n) {
      const word_type left = seen - n;
      const word_type next = as == heir && left == 0 ? exhausted : left;
      // acquire: pairs with the release in release(), through any read-modify-writes between
      if (!permits_.compare_exchange_weak(seen, next, std::memory_order_acquire, std::memory_order_relaxed)) continue;
      if (as == heir && left > 0) unpark(waiting_address(), 1);
      return true;
    }
    return false;
  }

  // Parks while nothing is free. False when the limit was reached; true makes the caller an heir. -1 is written even where it was
  // read: an heir that gives up on a value read from before its wake would leave others asleep unmarked.
  bool park(limit until) noexcept {
    word_type seen = permits_.load(std::memory_order_relaxed);
    while (free_permits(seen) == 0) {
      if (permits_.compare_exchange_weak(seen, exhausted, std::memory_order_relaxed)) {
        return until.park(waiting_address(), exhausted_half);
      }
    }
    return true;
  }

  PARK_NO_INLINE bool acquire_one(limit until) noexcept {
    if (until.spin(looked_at(), [this] { return take(1, stranger); })) return true;
    bool as = stranger;
    while (!until.reached() || as == heir) {
      if (take(1, as)) return true;
      if (!park(until)) break;
      as = heir;
    }
    return take(1, stranger);
  }

  PARK_NO_INLINE bool acquire_many(word_type wanted, limit until) noexcept {
    if (until.spin(looked_at(), [&] { return take(wanted, stranger); })) return true;
    if (until.reached() || !close_gate(until)) return take(wanted, stranger);
    const bool collected = collect(wanted, until);
    open_gate();
    return collected;
  }

  bool collect(word_type wanted, limit until) noexcept {
    bool as = stranger, given_up = false;
    word_type missing = wanted;
    for (;;) {
      if (take(missing, as)) return true;
      if (const word_type piece = available_now(); piece > 0 && piece < missing) {
        if (take(piece, as)) missing -= piece, as = stranger;
      } else if (given_up) {
        if (give_back(wanted - missing)) return false;
      } else {
        given_up = !park(until);
        as = given_up ? stranger : heir;
      }
    }
  }

  // Where nothing is free, so that there are never more than were there to collect. False: that is not so any more.
  bool give_back(word_type taken) noexcept {
    const address where = waiting_address();
    word_type seen = permits_.load(std::memory_order_relaxed);
    while (taken > 0) {
      if (free_permits(seen) > 0) return false;
      // relaxed: what the releasers of these permits published reaches the next acquirer through this read-modify-write
      if (!permits_.compare_exchange_weak(seen, taken, std::memory_order_relaxed, std::memory_order_relaxed)) continue;
      if (seen == exhausted) unpark(where, taken);
      return true;
    }
    return true;
  }

  word_type available_now() const noexcept { return free_permits(permits_.load(std::memory_order_relaxed)); }

  // A mutex in one word. A thread that has parked takes it as wanted, since others may be parked too.
  bool close_gate(limit until) noexcept {
    std::uint32_t mark = held;
    bool given_up = false;
    std::uint32_t seen = gate_.load(std::memory_order_relaxed);
    for (;;) {
      // relaxed: the gate guards no data; permits carry their own order
      if (seen == open) {
        if (gate_.compare_exchange_weak(seen, mark, std::memory_order_relaxed)) return true;
      } else if (seen == held) {
        if (gate_.compare_exchange_weak(seen, wanted_too, std::memory_order_relaxed)) seen = wanted_too;
      } else if (given_up) {
        // A read-modify-write, since a value read from before a wake that this thread was given would lose that wake.
        if (gate_.compare_exchange_weak(seen, wanted_too, std::memory_order_relaxed)) return false;
      } else {
        mark = wanted_too;
        given_up = !until.park(gate_address(), wanted_too);
        seen = gate_.load(std::memory_order_relaxed);
      }
    }
  }

  void open_gate() noexcept {
    const address where = gate_address();
    if (gate_.exchange(open, std::memory_order_relaxed) == wanted_too) Lot::unpark(where, 1);
  }

  typename Lot::template atomic<word_type> permits_;
  typename Lot::template atomic<std::uint32_t> gate_;
};

#define PARK_DECLARE_PERMITS(lot) extern template class PARK_API wide_permits<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_PERMITS)
#undef PARK_DECLARE_PERMITS

}  // namespace park::detail
