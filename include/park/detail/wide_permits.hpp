// Up to PTRDIFF_MAX permits, in a word without room for a count of those who wait: the state machine of a
// counting_semaphore whose N does not fit in 31 bits, and of every one where a word of 64 bits would take a lock.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/patience.hpp"
#include "park/detail/wait.hpp"
#include "park/lot.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// The words.
//
//   permits_   >= 0   What is free.
//              -1     Nothing is free, and some thread may be parked: on the upper half, which no other value makes
//                     0xffffffff; or, of a word of 32 bits, on the whole.
//   entry_     bit  0      gate_held     A thread is collecting permits in acquire(n), n > 1; one at a time.
//              bit  1      gate_wanted   Some thread may be parked here, waiting for the gate. Implies gate_held.
//              bit  2      door_wanted   Some thread may be parked here, waiting for the door. Implies starving > 0.
//              bits 31..3  starving      Threads that have come back from a sleep in vain, and have waited for longer
//                                        than detail::patience. While there are any the door is shut: only those take
//                                        permits that have gone to sleep for them, or starve.
//
// There is no room for a count of waiters, so wakes are chained. Call a thread an heir from when its park() returned
// true until it takes a permit, marks the word -1, or parks again. Invariant: where a thread sleeps on permits_, that
// is -1 or there is an heir.
//
//   park           only on -1, compared and slept on in one step.
//   release(n)     replaces -1 by n in one compare-exchange and, if it did, unparks n: if anybody slept, there is an
//                  heir now.
//   an heir        that takes the last permit leaves -1, not 0, since others may sleep; one that leaves permits behind
//                  unparks one more, which is the next heir; one that finds 0 makes it -1.
//   others         take permits as they find them: if they leave 0 while somebody sleeps, an heir is on its way to mark
//                  it.
//   giving up      park() returned false, so no unpark was spent on this thread: it owes nobody anything.
//   the door       holds back only strangers, which owe nobody anything. It is looked at before the permits are taken,
//                  not in one step with that: who has seen it open may take once more. A thread parks there on a value
//                  with starving > 0 and door_wanted. The step that takes the last one from `starving` clears
//                  door_wanted, and everyone there is unparked. No permit waits for the door: where permits are free
//                  and somebody starves, that thread is awake, or there is an heir.
//
// Nobody waits for long, as in narrow_permits.hpp. The price of the missing count is at most one needless system call
// after each contended spell.
template <parking_lot Lot>
class wide_permits {
 public:
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;

  using word_type = std::conditional_t<has_lock_free_pairs<Lot>, std::uint64_t, std::uint32_t>;

  static constexpr std::ptrdiff_t max = static_cast<std::ptrdiff_t>(std::min<std::uintmax_t>(
      (std::numeric_limits<std::ptrdiff_t>::max)(), (std::numeric_limits<word_type>::max)() / 2));

  constexpr explicit wide_permits(std::ptrdiff_t desired) noexcept
      : permits_(static_cast<word_type>(desired)), entry_(0) {}

  std::ptrdiff_t available() const noexcept {
    return static_cast<std::ptrdiff_t>(free_permits(permits_.load(std::memory_order_relaxed)));
  }

  bool try_acquire(std::ptrdiff_t n) noexcept { return take(static_cast<word_type>(n), role::stranger); }

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
  address gate_address() const noexcept { return Lot::whole(entry_); }

 private:
  static constexpr word_type exhausted = ~word_type{0};
  static constexpr std::uint32_t exhausted_half = ~std::uint32_t{0};
  static constexpr std::uint32_t gate_held = 1, gate_wanted = 2, gate = gate_held | gate_wanted;
  static constexpr std::uint32_t door_wanted = 4, one_starving = 8;

  // A waiter is no stranger, nor an heir: it has starved at the door, has given up, or collects.
  enum class role : std::uint8_t { stranger, waiter, heir };

  // What a thread that waits knows of itself.
  struct waiting {
    role as;
    bool slept = false, starves = false;
    detail::patience<Lot> patience{};  // of its wait for the next piece
  };

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

  // relaxed: it tells whose turn it is, not what may be read
  bool is_shut() const noexcept { return entry_.load(std::memory_order_relaxed) >= one_starving; }

  // Takes n > 0 permits, all or nothing.
  bool take(word_type n, role as) noexcept {
    word_type seen = permits_.load(std::memory_order_relaxed);
    while (free_permits(seen) >= n && (as != role::stranger || !is_shut())) {
      const word_type left = seen - n;
      const word_type next = as == role::heir && left == 0 ? exhausted : left;
      // acquire: pairs with the release in release(), through any read-modify-writes between
      if (!permits_.compare_exchange_weak(seen, next, std::memory_order_acquire, std::memory_order_relaxed)) continue;
      if (as == role::heir && left > 0) unpark(waiting_address(), 1);
      return true;
    }
    return false;
  }

  // Parks while nothing is free. False when the limit was reached; true makes the caller an heir. -1 is written even
  // where it was read: an heir that gives up on a value read from before its wake would leave others asleep unmarked.
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
    if (until.spin(looked_at(), [this] { return take(1, role::stranger); })) return true;
    waiting me{role::stranger};
    bool taken = false;
    while (!taken && (!until.reached() || me.as == role::heir)) {
      taken = take(1, me.as);
      if (!taken && !wait(me, until)) break;
    }
    taken = taken || take(1, me.as);
    if (me.starves) leave_the_starving();
    return taken;
  }

  // One step of a thread that has found too little. False when the limit was reached.
  bool wait(waiting& me, limit until) noexcept {
    if (me.slept && !me.starves && me.patience.over()) {
      // relaxed, as in all of this word: it guards no data; permits carry their own order
      entry_.fetch_add(one_starving, std::memory_order_relaxed);
      me.starves = true;
      if (me.as == role::stranger) me.as = role::waiter;
      return true;
    }
    const bool outside = me.as == role::stranger && is_shut();
    const bool woken = outside ? sleep_at_the_door(until) : park(until);
    me.slept = true;
    if (!outside) me.as = woken ? role::heir : role::waiter;
    return woken;
  }

  bool sleep_at_the_door(limit until) noexcept {
    for (std::uint32_t seen = entry_.load(std::memory_order_relaxed); seen >= one_starving;) {
      if (seen & door_wanted) return until.park(gate_address(), seen);
      exchange(seen, seen | door_wanted);
    }
    return true;
  }

  // A step that leaves nobody starving opens the door.
  void leave_the_starving() noexcept {
    const address where = gate_address();
    std::uint32_t seen = entry_.load(std::memory_order_relaxed), next;
    do {
      next = seen - one_starving;
      if (next < one_starving) next &= ~door_wanted;
    } while (!entry_.compare_exchange_weak(seen, next, std::memory_order_relaxed));
    if (seen & ~next & door_wanted) Lot::unpark(where, everyone);
  }

  PARK_NO_INLINE bool acquire_many(word_type wanted, limit until) noexcept {
    if (until.spin(looked_at(), [&] { return take(wanted, role::stranger); })) return true;
    if (until.reached() || !close_gate(until)) return take(wanted, role::stranger);
    const bool collected = collect(wanted, until);
    open_gate();
    return collected;
  }

  // A stranger takes all or nothing, so that it holds nothing when it finds the door shut.
  bool collect(word_type wanted, limit until) noexcept {
    waiting me{role::stranger};
    bool given_up = false;
    for (word_type missing = wanted; missing > 0;) {
      const word_type piece = me.as == role::stranger ? missing : (std::min)(available_now(), missing);
      if (piece > 0 && take(piece, me.as)) {
        missing -= piece;
        if (me.starves) leave_the_starving();
        me = {role::waiter};
      } else if (!given_up) {
        given_up = !wait(me, until);
      } else if (give_back(wanted - missing)) {
        if (me.starves) leave_the_starving();
        return false;
      }
    }
    return true;
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

  // A mutex in two bits. A thread that has parked closes it as wanted, since others may be parked too.
  bool close_gate(limit until) noexcept {
    std::uint32_t mark = gate_held;
    bool given_up = false;
    for (std::uint32_t seen = entry_.load(std::memory_order_relaxed);;) {
      if (!(seen & gate_held)) {
        if (exchange(seen, seen | mark)) return true;
      } else if (!(seen & gate_wanted)) {
        exchange(seen, seen | gate_wanted);
      } else if (given_up) {
        // A read-modify-write, since a value read from before a wake that this thread was given would lose that wake.
        if (exchange(seen, seen)) return false;
      } else {
        mark = gate;
        given_up = !until.park(gate_address(), seen);
        seen = entry_.load(std::memory_order_relaxed);
      }
    }
  }

  // It is one's turn, but who waits for the door parks there too.
  void open_gate() noexcept {
    const address where = gate_address();
    std::uint32_t before = entry_.load(std::memory_order_relaxed);
    while (!entry_.compare_exchange_weak(before, before & ~gate, std::memory_order_relaxed)) {
    }
    if (before & gate_wanted) Lot::unpark(where, before & door_wanted ? everyone : 1);
  }

  // relaxed: the gate and the door guard no data; permits carry their own order
  bool exchange(std::uint32_t& seen, std::uint32_t next) noexcept {
    if (!entry_.compare_exchange_weak(seen, next, std::memory_order_relaxed)) return false;
    seen = next;
    return true;
  }

  typename Lot::template atomic<word_type> permits_;
  typename Lot::template atomic<std::uint32_t> entry_;
};

#define PARK_DECLARE_PERMITS(lot) extern template class PARK_API wide_permits<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_PERMITS)
#undef PARK_DECLARE_PERMITS

}  // namespace park::detail
