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
//   bits 30..0   permits       What is free. The lower half decides: waiters park on it, and only while all of it is 0.
//   bit  31      coming        A promise: some registered thread is awake, and will look at the word before it sleeps or leaves. Set by
//                              who takes a permit past the waiters; cleared by the waiter that sleeps, leaves or is served.
//   bits 61..32  waiters       Threads that have registered: parked, about to park, or woken and not yet gone.
//   bit  62      gate_held     A thread is collecting permits in acquire(n), n > 1; one at a time.
//   bit  63      gate_wanted   Some thread may be parked on the upper half, waiting for the gate. Implies gate_held.
//
// Why no wake is lost. Call a registered thread asleep when it is parked and no unpark has been spent on it, else awake. Invariant:
//
//     asleep = 0, or awake >= max(permits, coming)
//
//   release(n)     adds n and reads all fields in one fetch_add, then unparks as many as the new permits serve beyond those known to be
//                  awake: min(waiters, permits + n) - max(permits, coming), if that is positive. Not one on 0 -> 1 only.
//   park           compares the lower half with 0 and sleeps in one step: both sides of the maximum are 0 then.
//   barging        Who is not registered takes n <= permits and sets `coming`: at least as many waiters were awake. Or else each permit
//                  that a running thread releases and takes again would cost a system call for a waiter that was woken long ago and
//                  has not been given a CPU yet.
//   a waiter       takes, deregisters and clears `coming` in one step: one permit and one awake thread fewer.
//   giving up      (timeout, stop) deregisters and clears `coming` only in a step that finds permits == 0; if there is a permit, it
//                  takes it. So a wake that was spent on this thread is never lost: the permit is taken by it, or was taken by
//                  somebody else. A collector that gives up does so in a step that finds permits == 0 too, and unparks for what
//                  it gives back.
//   release_up_to  is release(n) in a compare-exchange, so that the permits never pass a bound that a holder's mistake would have them
//                  pass. Nor does a collector that gives up: it leaves less than it wanted.
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
      if (exchange(seen, barge(seen, wanted), std::memory_order_acquire)) return true;
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
      after_release(where, before, added, most);  // any bit beside the permits is "more"
  }

  // The same, but false where the permits would pass `most_permits`: then nothing is changed, and not for an instant.
  [[nodiscard]] bool release_up_to(std::ptrdiff_t n, std::ptrdiff_t most_permits) noexcept {
    const auto added = static_cast<word_type>(n);
    const auto most = static_cast<word_type>(most_permits);
    const address where = Lot::low_half(word_);
    // relaxed: who gives back what has been acquired reads a count of after that
    word_type before = word_.load(std::memory_order_relaxed);
    do {
      if (permits(before) + added > most) return false;
      // release: publishes the caller's work
    } while (
        !word_.compare_exchange_weak(before, before + added, std::memory_order_release, std::memory_order_relaxed));
    if (waiters(before) > 0) [[unlikely]]
      wake(where, before, added);
    return true;
  }

  bool acquire(std::ptrdiff_t n, limit until) noexcept {
    return n == 1 ? acquire_one(until) : acquire_many(static_cast<word_type>(n), until);
  }

  address waiting_address() const noexcept { return Lot::low_half(word_); }
  address gate_address() const noexcept { return Lot::high_half(word_); }

 private:
  static constexpr word_type coming = word_type{1} << 31;
  static constexpr word_type one_waiter = word_type{1} << 32;
  static constexpr word_type gate_held = word_type{1} << 62, gate_wanted = word_type{1} << 63;
  static constexpr word_type gate = gate_held | gate_wanted;

  static constexpr word_type permits(word_type word) noexcept { return word & (coming - 1); }
  static constexpr word_type waiters(word_type word) noexcept { return (word & ~gate) >> 32; }

  // What is left when an unregistered thread takes n permits.
  static constexpr word_type barge(word_type seen, word_type n) noexcept {
    return waiters(seen) > 0 ? (seen - n) | coming : seen - n;
  }

  PARK_NO_INLINE static void after_release(address where, word_type before, word_type added, word_type most) noexcept {
    if (permits(before) + added > most)
      contract_violation("counting_semaphore::release(n): the count would pass max()");
    wake(where, before, added);
  }

  PARK_NO_INLINE static void wake(address where, word_type before, word_type added) noexcept {
    const word_type awake = std::max<word_type>(permits(before), before & coming ? 1 : 0);
    const word_type served = (std::min)(waiters(before), permits(before) + added);
    if (served > awake) Lot::unpark(where, static_cast<std::uint32_t>(served - awake));
  }

  PARK_NO_INLINE bool acquire_one(limit until) noexcept {
    if (until.spin(waiting_address(), [this] { return try_acquire(1); })) return true;
    if (until.reached()) return try_acquire(1);
    if (take_or_register()) return true;
    do {
      if (!sleep(until)) return take_or_leave();
    } while (!take_as_waiter() && !until.spin(waiting_address(), [this] { return take_as_waiter(); }));
    return true;
  }

  // Of a registered thread. False: the limit has been reached.
  bool sleep(limit until) noexcept {
    // The promise may have been this thread's. relaxed: it publishes nothing.
    for (word_type seen = word_.load(std::memory_order_relaxed); seen & coming;) {
      exchange(seen, seen & ~coming, std::memory_order_relaxed);
    }
    return until.park(waiting_address(), 0) && !until.expired();
  }

  // True: took a permit. False: there is none, and this thread is registered.
  bool take_or_register() noexcept {
    word_type seen = word_.load(std::memory_order_relaxed);
    for (;;) {
      if (permits(seen) > 0) {
        if (exchange(seen, barge(seen, 1), std::memory_order_acquire)) return true;  // acquire: pairs with release()
      } else if (exchange(seen, seen + one_waiter, std::memory_order_relaxed)) {
        return false;
      }
    }
  }

  // Of a registered thread. True: took a permit and deregistered. False: there is none.
  bool take_as_waiter() noexcept {
    word_type seen = word_.load(std::memory_order_relaxed);
    while (permits(seen) > 0) {
      // acquire: pairs with release()
      if (exchange(seen, (seen - 1 - one_waiter) & ~coming, std::memory_order_acquire)) return true;
    }
    return false;
  }

  // Of a registered thread. True: took a permit. False: there is none. It is deregistered either way.
  bool take_or_leave() noexcept {
    while (!take_as_waiter()) {
      word_type seen = word_.load(std::memory_order_relaxed);
      if (permits(seen) == 0 && exchange(seen, (seen - one_waiter) & ~coming, std::memory_order_relaxed)) return false;
    }
    return true;
  }
  PARK_NO_INLINE bool acquire_many(word_type wanted, limit until) noexcept {
    const auto take = [&] { return try_acquire(static_cast<std::ptrdiff_t>(wanted)); };
    if (until.spin(waiting_address(), take)) return true;
    if (until.reached() || !close_gate(until)) return take();
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
        given_up = !until.park(gate_address(), static_cast<std::uint32_t>(seen >> 32)) || until.expired();
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
        const word_type next = self == 0 ? barge(seen, missing) : (seen - missing - self) & ~coming;
        if (exchange(seen, next & ~gate, std::memory_order_acquire)) return open_gate(before), true;
      } else if (const word_type piece = permits(seen); piece > 0) {
        const word_type next = self == 0 ? barge(seen, piece) : seen - piece;
        // relaxed: every change of the word is a read-modify-write, so that the last step acquires from all releases before it
        if (exchange(seen, next, std::memory_order_relaxed)) missing -= piece;
      } else if (given_up) {
        if (give_back(seen, wanted - missing, self)) return false;
      } else if (self == 0) {
        if (exchange(seen, seen + one_waiter, std::memory_order_relaxed)) self = one_waiter;
      } else {
        given_up = !sleep(until);
        seen = word_.load(std::memory_order_relaxed);
      }
    }
  }

  // Where nothing is free. False: that is not so any more.
  bool give_back(word_type& seen, word_type taken, word_type self) noexcept {
    const word_type before = seen;
    // relaxed: what the releasers of these permits published reaches the next acquirer through this read-modify-write
    if (!exchange(seen, (before - self + taken) & ~(gate | coming), std::memory_order_relaxed)) return false;
    open_gate(before);
    const word_type served = (std::min)(waiters(before - self), taken);
    if (served > 0) Lot::unpark(waiting_address(), static_cast<std::uint32_t>(served));
    return true;
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
