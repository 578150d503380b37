// park::event: a flag that threads wait for. It stays set, and lets everyone pass, until it is cleared.
//
//   park::event ready;
//   ... one thread: prepare(), ready.set();
//   ... any number: ready.wait();
//
// Model: threading.Event of Python; wait_until and the stop_token waits are ours.
// A set() ends every wait that has begun before it, even where a clear() follows at once, before the waiter runs.
// Ordering: each set() synchronizes with every later is_set() that returns true, every wait of any kind that it or a later set() ends, and
//   every clear() that clears it.
// Lifetime: an event may be destroyed as soon as all waits have returned, even while the set() that ended them is still running.
// Signals: on futex_lot set(), clear() and is_set() are async-signal-safe, in the middle of a call on the same event too.
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is.
// Misuse: there is none; set() of a set event and clear() of a clear one are as good as any.
// Cost: 4 bytes. set() is one atomic read-modify-write, clear() one compare-exchange, or one load where the event is clear, is_set() one
//   load; a futex call only to sleep or to wake sleepers, though a wait that spins first may yield. A set() may also make one for a
//   sleeper that has given up, once until the next clear().
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include "park/config.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park {

template <parking_lot Lot>
class basic_event {
 public:
  // Clear.
  constexpr basic_event() noexcept : word_(0) {}

  basic_event(const basic_event&) = delete;
  basic_event& operator=(const basic_event&) = delete;

  // Lets all who wait pass, and all who come until the next clear(). Async-signal-safe on futex_lot.
  void set() noexcept {
    const auto where = Lot::whole(word_);
    // release: publishes the caller's work. A write where the event is set already, too: whoever clears it sees that work. The last
    // access to *this: from here on a waiter may destroy it.
    const word_type before = word_.fetch_or(set_bit, std::memory_order_release);
    if ((before & (set_bit | parked)) == parked) [[unlikely]]
      wake(where);
  }

  // Async-signal-safe on futex_lot.
  void clear() noexcept {
    word_type seen = word_.load(std::memory_order_relaxed);  // relaxed: a clear event tells nothing
    while (seen & set_bit) {
      // acquire: all that was set() for is seen by who clears it
      if (word_.compare_exchange_weak(seen, generation(seen) + one_generation, std::memory_order_acquire,
                                      std::memory_order_relaxed)) {
        return;
      }
    }
  }

  [[nodiscard]] bool is_set() const noexcept { return (look() & set_bit) != 0; }

  void wait() const noexcept {
    if (const word_type seen = look(); !(seen & set_bit)) wait_slowly(generation(seen), {});
  }

  // True when the event was set, false on timeout. Zero or less does not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    const word_type seen = look();
    return (seen & set_bit) || slowly(generation(seen)).wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    const word_type seen = look();
    return (seen & set_bit) || slowly(generation(seen)).wait_until(time);
  }

  // As their namesakes, and false once a stop is requested of `stop` while the event has not been set.
  template <stoppable_token Token>
  [[nodiscard]] bool wait(Token stop) const {
    const word_type seen = look();
    return (seen & set_bit) || slowly(generation(seen)).wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool wait_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) const {
    const word_type seen = look();
    return (seen & set_bit) || slowly(generation(seen)).wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool wait_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) const {
    const word_type seen = look();
    return (seen & set_bit) || slowly(generation(seen)).wait_until(std::move(stop), time);
  }

 private:
  // The word.
  //
  //   bits 31..2  generation  How many times a set event has been cleared, modulo 2^30.
  //   bit  1      parked      Some thread may be parked in this generation. Set by a waiter before it parks, and by nobody while the
  //                           event is set; cleared by the clear() that ends the generation.
  //   bit  0      set         The event is set.
  //
  // A wait is over when the event is set, or when the generation is not the one that the wait began in: only a set event is cleared
  // into the next.
  //
  // Why no wake is lost: a waiter parks only on a value that it wrote or read with its own generation, `parked`, and not `set`. A set()
  // reads `parked` in the same fetch_or, so either it sees the bit, and unparks, or the waiter's compare-exchange came later in the
  // word's modification order, and failed. A set() that finds the event set need not unpark: whoever is parked was so before the
  // set() that found it clear. A clear() that comes before that one's unpark changes nothing about it: the bit that clear() drops is
  // of a generation in which nobody parks any more, and its sleepers have a wake coming. A generation comes round again after 2^30 of
  // them, all while one waiter does not run; it would then wait for the next set().
  //
  // Why a wait sees the work of the set() that ended it, though it may read a later value: every write after that set() is a
  // read-modify-write, and so of its release sequence.
  using word_type = std::uint32_t;
  using limit = detail::wait_limit<Lot>;
  static constexpr word_type set_bit = 1, parked = 2, one_generation = 4;

  static constexpr word_type generation(word_type word) noexcept { return word & ~(set_bit | parked); }

  static constexpr bool over(word_type word, word_type mine) noexcept {
    return (word & set_bit) || generation(word) != mine;
  }

  word_type look() const noexcept {
    return word_.load(std::memory_order_acquire);  // acquire: pairs with the release in set()
  }

  // Out of line, since it is rare.
  PARK_NO_INLINE static void wake(typename Lot::address where) noexcept { Lot::unpark(where, everyone); }

  // `mine`: the generation at the beginning of the wait, in place.
  PARK_NO_INLINE bool wait_slowly(word_type mine, limit until) const noexcept {
    if (until.spin(Lot::whole(word_), [=, this] { return over(look(), mine); })) return true;
    while (!until.reached()) {
      word_type seen = look();
      if (over(seen, mine)) return true;
      // relaxed: publishes nothing but the bit; see "Why no wake is lost"
      if (!(seen & parked) && !word_.compare_exchange_weak(seen, seen | parked, std::memory_order_relaxed)) continue;
      if (!until.park(Lot::whole(word_), mine | parked)) break;
    }
    return over(look(), mine);
  }

  // The rest of a bounded wait, after the first look.
  auto slowly(word_type mine) const {
    return detail::bounded<Lot>([=, this](limit until) { return wait_slowly(mine, until); }, Lot::whole(word_));
  }

  mutable typename Lot::template atomic<word_type> word_;
};

#define PARK_DECLARE_EVENT(lot) extern template class PARK_API basic_event<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_EVENT)
#undef PARK_DECLARE_EVENT

// A class of its own, as park::latch is.
class event : public basic_event<native_lot> {
 public:
  using basic_event<native_lot>::basic_event;
};

}  // namespace park
