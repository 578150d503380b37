// Up to 2^31 - 1 permits, and those who wait for them, in one 64-bit word: the state machine of a counting_semaphore.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// The word.
//
//   bits 31..0   permits       What is free. At most 2^31 - 1. The half that decides: waiters park on it, and only while it is 0.
//   bits 61..32  waiters       Threads that have registered: parked, about to park, or woken and not yet gone.
//   bit  62      gate_held     A thread is collecting permits in acquire(n), n > 1; one at a time.
//   bit  63      gate_wanted   Some thread may be parked on the upper half, waiting for the gate. Implies gate_held.
//
// Why no wake is lost. Call a registered thread asleep when it is parked and no unpark has been spent on it. Invariant:
//
//     asleep <= max(0, waiters - permits)
//
//   release(n)     adds n and reads both fields in one fetch_add, then unparks min(n, waiters - permits) if that is positive: exactly
//                  as many as the new permits serve beyond those that earlier wakes are on their way to. Not one on 0 -> 1 only.
//   park           compares permits with 0 and sleeps in one step: then asleep <= waiters, which is the bound. A release before that
//                  step fails it; a release after it counts this thread among the waiters.
//   taking         lowers permits, which raises the bound. A waiter takes and deregisters in one step, itself awake: no change.
//   giving up      (timeout, stop) deregisters only in a step that finds permits == 0; if there is a permit, it takes it. So a wake
//                  that was spent on this thread is never lost: the permit is taken by it, or was taken by somebody else. A collector
//                  that gives up unparks for all the permits that it leaves behind.
//
// acquire(n), n > 1, collects what is free, piece by piece, as a waiter like any other, and gives it back if it must give up: it is
// not starved by small requests, nor are they by it. The gate keeps two collectors from each holding what the other needs.
template <parking_lot Lot>
class narrow_permits {
 public:
  using word_type = std::uint64_t;
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;

  static constexpr std::ptrdiff_t max = 0x7fffffff;

  constexpr explicit narrow_permits(std::ptrdiff_t desired) noexcept : word_(static_cast<word_type>(desired)) {}

  std::ptrdiff_t available() const noexcept {
    return static_cast<std::ptrdiff_t>(permits(word_.load(std::memory_order_relaxed)));
  }

  bool try_acquire(std::ptrdiff_t n) noexcept {
    const auto wanted = static_cast<word_type>(n);
    word_type seen = word_.load(std::memory_order_relaxed);
    while (permits(seen) >= wanted) {
      // acquire: pairs with the release in release(), through any read-modify-writes between
      if (word_.compare_exchange_weak(seen, seen - wanted, std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    }
    return false;
  }

  // n > 0. From the fetch_add on, an acquirer may destroy the semaphore: the rest uses the address alone.
  void release(std::ptrdiff_t n, std::ptrdiff_t most_permits) noexcept {
    const auto added = static_cast<word_type>(n);
    const auto most = static_cast<word_type>(most_permits);
    const address where = Lot::low_half(word_);
    const word_type before = word_.fetch_add(added, std::memory_order_release);  // release: publishes the caller's work
    if (before + added > most) [[unlikely]]
      after_release(where, before, added, most);  // any bit of the upper half is "more"
  }

  bool acquire(std::ptrdiff_t n, limit until) noexcept {
    return n == 1 ? acquire_one(until) : acquire_many(static_cast<word_type>(n), until);
  }

  address waiting_address() const noexcept { return Lot::low_half(word_); }
  address gate_address() const noexcept { return Lot::high_half(word_); }

 private:
  static constexpr word_type one_waiter = word_type{1} << 32;
  static constexpr word_type gate_held = word_type{1} << 62, gate_wanted = word_type{1} << 63;
  static constexpr word_type gate = gate_held | gate_wanted;

  static constexpr word_type permits(word_type word) noexcept { return word & 0xffffffff; }
  static constexpr word_type waiters(word_type word) noexcept { return (word & ~gate) >> 32; }

  PARK_NO_INLINE static void after_release(address where, word_type before, word_type added, word_type most) noexcept {
    if (permits(before) + added > most)
      contract_violation("counting_semaphore::release(n): the count would pass max()");
    if (waiters(before) <= permits(before)) return;
    Lot::unpark(where, static_cast<std::uint32_t>(std::min(added, waiters(before) - permits(before))));
  }

  bool spin(word_type wanted, deadline until) noexcept {
    typename Lot::backoff backoff(until);
    while (backoff.again()) {
      const word_type seen = word_.load(std::memory_order_relaxed);
      if (permits(seen) >= wanted && try_acquire(static_cast<std::ptrdiff_t>(wanted))) return backoff.paid_off(), true;
      if (seen >= one_waiter) return false;  // others sleep already
    }
    return false;
  }

  PARK_NO_INLINE bool acquire_one(limit until) noexcept {
    if (spin(1, until.until)) return true;
    if (until.reached()) return try_acquire(1);
    word_type self = 0;  // one_waiter once registered
    bool given_up = false;
    for (word_type seen = word_.load(std::memory_order_relaxed);;) {
      if (permits(seen) > 0) {
        if (exchange(seen, seen - 1 - self, std::memory_order_acquire)) return true;  // acquire: pairs with release()
      } else if (given_up) {
        if (exchange(seen, seen - self, std::memory_order_relaxed)) return false;
      } else if (self == 0) {
        if (exchange(seen, seen + one_waiter, std::memory_order_relaxed)) self = one_waiter;
      } else {
        given_up = !until.park(waiting_address(), 0);
        seen = word_.load(std::memory_order_relaxed);
      }
    }
  }

  PARK_NO_INLINE bool acquire_many(word_type wanted, limit until) noexcept {
    if (spin(wanted, until.until)) return true;
    if (until.reached() || !close_gate(until)) return try_acquire(static_cast<std::ptrdiff_t>(wanted));
    return collect(wanted, until);
  }

  // A mutex in two bits. A thread that has parked closes it as wanted, since others may be parked too.
  bool close_gate(limit until) noexcept {
    word_type mark = gate_held;
    bool given_up = false;
    for (word_type seen = word_.load(std::memory_order_relaxed);;) {
      if (!(seen & gate_held)) {
        // Also after giving up. relaxed: the gate guards no data; permits carry their own order.
        if (exchange(seen, seen | mark, std::memory_order_relaxed)) return true;
      } else if (!(seen & gate_wanted)) {
        exchange(seen, seen | gate_wanted, std::memory_order_relaxed);
      } else if (given_up) {
        // A read-modify-write, since a value read from before a wake that this thread was given would lose that wake.
        if (exchange(seen, seen, std::memory_order_relaxed)) return false;
      } else {
        mark = gate_held | gate_wanted;
        given_up = !until.park(gate_address(), static_cast<std::uint32_t>(seen >> 32));
        seen = word_.load(std::memory_order_relaxed);
      }
    }
  }

  // Holding the gate. The last step takes or gives back permits, deregisters and opens the gate, all at once.
  bool collect(word_type wanted, limit until) noexcept {
    word_type missing = wanted;
    word_type self = 0;  // one_waiter once registered
    bool given_up = false;
    for (word_type seen = word_.load(std::memory_order_relaxed);;) {
      const word_type before = seen;
      if (permits(seen) >= missing) {
        // acquire: pairs with release()
        if (exchange(seen, (seen - missing - self) & ~gate, std::memory_order_acquire)) return open_gate(before), true;
      } else if (const word_type piece = permits(seen); piece > 0) {
        if (exchange(seen, seen - piece, std::memory_order_acquire)) missing -= piece;  // acquire: as above
      } else if (given_up) {
        return give_back(wanted - missing, self);
      } else if (self == 0) {
        if (exchange(seen, seen + one_waiter, std::memory_order_relaxed)) self = one_waiter;
      } else {
        given_up = !until.park(waiting_address(), 0);
        seen = word_.load(std::memory_order_relaxed);
      }
    }
  }

  // What is there counts as given back too: a wake for it may have been spent on this thread, which leaves without taking it.
  bool give_back(word_type taken, word_type self) noexcept {
    word_type before = word_.load(std::memory_order_relaxed);
    // release: passes on what the releasers of these permits published
    while (!word_.compare_exchange_weak(before, (before - self + taken) & ~gate, std::memory_order_release,
                                        std::memory_order_relaxed)) {
    }
    open_gate(before);
    const word_type served = std::min(waiters(before - self), permits(before) + taken);
    if (served > 0) Lot::unpark(waiting_address(), static_cast<std::uint32_t>(served));
    return false;
  }

  void open_gate(word_type before) const noexcept {
    if (before & gate_wanted) Lot::unpark(gate_address(), 1);
  }

  bool exchange(word_type& seen, word_type next, std::memory_order order) noexcept {
    if (!word_.compare_exchange_weak(seen, next, order, std::memory_order_relaxed)) return false;
    seen = next;
    return true;
  }

  typename Lot::template atomic<word_type> word_;
};

#define PARK_DECLARE_PERMITS(lot) extern template class PARK_API narrow_permits<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_PERMITS)
#undef PARK_DECLARE_PERMITS

}  // namespace park::detail
