// Up to 2^31 - 1 permits, and those who wait for them, in one 64-bit word: the state machine of a counting_semaphore.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/overtaking.hpp"
#include "park/detail/patience.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// The word.
//
//   bits 30..0   permits       What is free. The lower half decides: waiters park on it, and only while all of it is 0.
//   bit  31      coming        A promise: some registered thread is awake, and will look at the word before it sleeps or leaves. Set by
//                              who takes a permit past the waiters; cleared by the waiter that sleeps, leaves or is served.
//   bits 53..32  waiters       Threads that have registered: parked, about to park, or woken and not yet gone. No system has as many
//                              threads as do not fit: Linux has at most 2^22 - 1.
//   bits 60..54  starving      Those of the waiters that have slept, and have waited for longer than detail::patience; 127 of them at
//                              most. While there are any the door is shut: only waiters take permits, and only who starves registers.
//   bit  61      door_wanted   Some thread may be parked on the upper half, waiting for the door. Implies starving > 0.
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
//                  has not been given a CPU yet. Not past a shut door.
//   a waiter       takes, deregisters and clears `coming` in one step: one permit and one awake thread fewer. That it starves changes
//                  neither side.
//   giving up      (timeout, stop) deregisters and clears `coming` only in a step that finds permits == 0; if there is a permit, it
//                  takes it. So a wake that was spent on this thread is never lost: the permit is taken by it, or was taken by
//                  somebody else. A collector that gives up does so in a step that finds permits == 0 too, and unparks for what
//                  it gives back.
//   release_up_to  is release(n) in a compare-exchange, so that the permits never pass a bound that a holder's mistake would have them
//                  pass. Nor does a collector that gives up: it leaves less than it wanted.
//   the door       A thread parks there on a value with starving > 0 and door_wanted. The step that takes the last one from `starving`
//                  clears door_wanted, and everyone there is unparked. So no wake there is for one thread alone, and who gives up
//                  there owes nobody anything. A permit never waits for a door to open: those for whom it is shut are awake as above.
//
// acquire(n), n > 1, collects what is free, piece by piece, as a waiter like any other, and gives it back if it must give up: it is
// not starved by small requests, nor are they by it. The gate keeps two collectors from each holding what the other needs.
//
// Why nobody waits for long. Lots wake the thread that parked first, and each wake of a release is for one of the waiters. A waiter that
// is woken in vain and has waited for a millisecond counts itself as starving in one step. From then on only those take a permit that
// had registered before, each once, since one that comes back finds the door shut; and those who have waited for a millisecond too. So
// beyond the millisecond it waits for one permit of each of these, and for the wakes between. A thread that has waited so long at the
// door goes in and starves. A collector starves for its next piece only, and is young again when it has one.
//
// That a woken waiter gets a CPU at all is the system's to decide, which lets who runs go on for milliseconds. A thread that has
// taken permits past waiters on their way for `overtakes_to_yield` times gives way to them (overtakes_often): so the turns of those
// who share a CPU are shorter than the system's, and more alike.
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
    return take_alone(seen, wanted) || (seen > most_free && take_past_waiters(seen, wanted));
  }

  // The same, but false where anybody waits: what acquire() tries first.
  bool try_acquire_alone(std::ptrdiff_t n) noexcept {
    word_type seen = word_.load(std::memory_order_relaxed);
    return take_alone(seen, static_cast<word_type>(n));
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

  PARK_NO_INLINE bool acquire(std::ptrdiff_t n, limit until) noexcept {
    const auto wanted = static_cast<word_type>(n);
    const auto take = [=, this] { return try_acquire(n); };
    if (is_overtaking() && overtakes_often()) Lot::yield();
    if (take() || until.spin(waiting_address(), take)) return true;
    if (until.reached() || (wanted > 1 && !close_gate(until))) return take();
    return collect(wanted, wanted > 1 ? gate : 0, until);
  }

  address waiting_address() const noexcept { return Lot::low_half(word_); }
  address gate_address() const noexcept { return Lot::high_half(word_); }

 private:
  static constexpr word_type coming = word_type{1} << 31, most_free = coming - 1;
  static constexpr word_type one_waiter = word_type{1} << 32;
  static constexpr word_type one_starving = word_type{1} << 54, all_starving = 127 * one_starving;
  static constexpr word_type door_wanted = word_type{1} << 61;
  static constexpr word_type gate_held = word_type{1} << 62, gate_wanted = word_type{1} << 63;
  static constexpr word_type gate = gate_held | gate_wanted;

  static constexpr word_type permits(word_type word) noexcept { return word & most_free; }
  static constexpr word_type waiters(word_type word) noexcept { return (word & (one_starving - 1)) >> 32; }
  static constexpr bool is_shut(word_type word) noexcept { return (word & all_starving) != 0; }

  // What a thread that waits knows of itself.
  struct waiting {
    word_type self = 0;  // one_waiter once it is registered, and one_starving once it is counted there
    bool slept = false, spun = true, given_up = false;
    detail::patience<Lot> patience{};  // of its wait for the next piece
  };

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

  bool is_overtaking() const noexcept { return (word_.load(std::memory_order_relaxed) & coming) != 0; }

  // Takes n permits of a word that is nothing else: n <= seen <= most_free.
  bool take_alone(word_type& seen, word_type n) noexcept {
    while (seen - n <= most_free - n) {
      // acquire: pairs with the release in release(), through any read-modify-writes between
      if (exchange(seen, seen - n, std::memory_order_acquire)) return true;
    }
    return false;
  }

  PARK_NO_INLINE bool take_past_waiters(word_type seen, word_type n) noexcept {
    while (may_take(seen, 0, n)) {
      if (exchange(seen, barge(seen, n), std::memory_order_acquire)) return true;  // acquire: as in take_alone()
    }
    return false;
  }

  // Whether a thread that is registered as `self`, or not, may take a piece of what it misses. One that is not takes all or nothing, so
  // that it holds nothing when it finds the door shut.
  static constexpr bool may_take(word_type word, word_type self, word_type missing) noexcept {
    return self != 0 ? permits(word) > 0 : permits(word) >= missing && !is_shut(word);
  }

  // The wait for n permits. `gate_of_mine` is the gate's bits if this thread holds it, else 0: the step that ends the wait opens it.
  bool collect(word_type n, word_type gate_of_mine, limit until) noexcept {
    waiting me;
    word_type missing = n;
    for (word_type seen = word_.load(std::memory_order_relaxed);;) {
      if (may_take(seen, me.self, missing)) {
        const word_type piece = (std::min)(permits(seen), missing);
        if (piece == missing) {
          if (take_last(seen, piece, me.self, gate_of_mine)) return true;
        } else if (take_piece(seen, piece, me)) {
          missing -= piece;
        }
      } else if (me.given_up) {
        if (leave(seen, n - missing, me.self, gate_of_mine)) return false;
      } else {
        wait(seen, missing, me, until);
      }
    }
  }

  // Takes permits, deregisters and opens the gate, all at once.
  bool take_last(word_type& seen, word_type piece, word_type self, word_type gate_of_mine) noexcept {
    const word_type before = seen;
    const word_type left = self == 0 ? barge(seen, piece) : (seen - piece - self) & ~coming;
    // acquire: as in take_alone()
    if (!exchange(seen, door(left & ~gate_of_mine), std::memory_order_acquire)) return false;
    open(before, seen);
    return true;
  }

  // Of a registered thread that misses more.
  bool take_piece(word_type& seen, word_type piece, waiting& me) noexcept {
    const word_type before = seen;
    // relaxed: every change of the word is a read-modify-write, so that the last step acquires from all releases before it
    if (!exchange(seen, door(seen - piece - (me.self & all_starving)), std::memory_order_relaxed)) return false;
    open(before, seen);
    me.self = one_waiter;
    me.patience = {};
    return true;
  }

  // One step of a thread that may take nothing.
  void wait(word_type& seen, word_type missing, waiting& me, limit until) noexcept {
    const bool may_starve = me.slept && !is_shut(me.self) && (seen & all_starving) != all_starving;
    if (may_starve && me.patience.over()) {
      const word_type more = me.self == 0 ? one_starving + one_waiter : one_starving;
      if (exchange(seen, seen + more, std::memory_order_relaxed)) me.self += more;
    } else if (!me.spun) {
      until.spin(waiting_address(), [&] {
        seen = word_.load(std::memory_order_relaxed);
        return may_take(seen, me.self, missing);
      });
      me.spun = true;
    } else if (me.self == 0 && is_shut(seen) && !(seen & door_wanted)) {
      exchange(seen, seen | door_wanted, std::memory_order_relaxed);
    } else if (me.self == 0 && !is_shut(seen)) {
      if (exchange(seen, seen + one_waiter, std::memory_order_relaxed)) me.self = one_waiter;
    } else {
      me.given_up = !(me.self == 0 ? sleep_at_the_door(seen, until) : sleep(until));
      me.slept = true;
      me.spun = me.given_up;
      seen = word_.load(std::memory_order_relaxed);
    }
  }

  // False: the limit has been reached.
  bool sleep_at_the_door(word_type seen, limit until) noexcept {
    return until.park(gate_address(), static_cast<std::uint32_t>(seen >> 32)) && !until.expired();
  }

  // The same of a registered thread.
  bool sleep(limit until) noexcept {
    // The promise may have been this thread's. relaxed: it publishes nothing.
    for (word_type seen = word_.load(std::memory_order_relaxed); seen & coming;) {
      exchange(seen, seen & ~coming, std::memory_order_relaxed);
    }
    return until.park(waiting_address(), 0) && !until.expired();
  }

  // Where this thread may take nothing: if it is registered nothing is free, so that what was taken makes it no more than was there to
  // collect; else it has taken nothing. False: that may not be so any more.
  bool leave(word_type& seen, word_type taken, word_type self, word_type gate_of_mine) noexcept {
    if (self == 0 && gate_of_mine == 0) return true;
    const word_type before = seen;
    const word_type left = self == 0 ? before : (before - self + taken) & ~coming;
    // relaxed: what the releasers of these permits published reaches the next acquirer through this read-modify-write
    if (!exchange(seen, door(left & ~gate_of_mine), std::memory_order_relaxed)) return false;
    open(before, seen);
    const word_type served = (std::min)(waiters(seen), taken);
    if (served > 0) Lot::unpark(waiting_address(), static_cast<std::uint32_t>(served));
    return true;
  }

  // The word with its door open, and nobody at it, if nobody starves.
  static constexpr word_type door(word_type word) noexcept { return is_shut(word) ? word : word & ~door_wanted; }

  // Those who wait for what a step has opened. At the gate it is one's turn, but who waits for the door parks there too.
  void open(word_type before, word_type after) const noexcept {
    const word_type opened = before & ~after;
    if (opened & (gate_wanted | door_wanted)) Lot::unpark(gate_address(), before & door_wanted ? everyone : 1);
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
