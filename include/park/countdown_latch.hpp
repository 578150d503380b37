// park::countdown_latch: threads wait until a count has been counted down to zero; then a new round may begin.
//
//   park::countdown_latch done(workers);
//   ... each worker: done.count_down();
//   done.wait();
//   done.try_set_count(workers);  // again
//
// Model: CountDownLatch of java.util.concurrent, and ICountDownLatch of Hazelcast, of which try_set_count is; the stop_token waits are ours.
// Rounds: a wait that has begun in a round ends when that round does, even where the next begins before the waiter runs.
// Ordering: the try_set_count() that began a round, and each count_down() in it, synchronize with every wait of any kind, count() and
//   try_set_count() that finds the round over.
// Lifetime: a countdown_latch may be destroyed as soon as all waits have returned, even while the count_down() that ended them is still
//   running; not while one that does nothing is.
// Signals: on futex_lot count_down(), count() and a try_set_count() that does not throw are async-signal-safe, in the middle of a call on
//   the same object too.
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is.
// Misuse: a count that is negative, or not positive in try_set_count(), or above max(), is refused with std::invalid_argument; where
//   exceptions are disabled it ends in park::contract_violation.
// Cost: 8 bytes. count_down() and try_set_count() are one compare-exchange, or one load where they do nothing, count() one load; a
//   futex call only to sleep or to wake sleepers, though a wait that spins first may yield.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "park/config.hpp"
#include "park/detail/refuse_argument.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park {

template <parking_lot Lot>
class basic_countdown_latch {
 public:
  static constexpr std::ptrdiff_t(max)() noexcept { return 0x7fffffff; }

  // Throws std::invalid_argument unless 0 <= count <= max(). A latch of 0 is open from the start.
  constexpr explicit basic_countdown_latch(std::ptrdiff_t count = 1)
      : word_(static_cast<word_type>(count) << count_shift) {
    if (count < 0 || count > (max)())
      detail::refuse_argument("countdown_latch(count): count is negative or above max()");
  }

  basic_countdown_latch(const basic_countdown_latch&) = delete;
  basic_countdown_latch& operator=(const basic_countdown_latch&) = delete;

  // Takes one from the count and, at zero, wakes all who wait. Does nothing where the count is zero. Async-signal-safe on futex_lot.
  void count_down() noexcept {
    const address where = waiting_address();
    word_type seen = word_.load(std::memory_order_relaxed);  // relaxed: zero tells the caller nothing
    while (count(seen) > 0) {
      const bool last = count(seen) == 1;
      // release: publishes the caller's work to the waiters. The last access to *this: from here on a waiter may destroy it.
      if (word_.compare_exchange_weak(seen, last ? next_round(seen) : seen - one_count, std::memory_order_release,
                                      std::memory_order_relaxed)) {
        if (last && (seen & parked)) [[unlikely]]
          Lot::unpark(where, everyone);
        return;
      }
    }
  }

  // What is still to be counted down.
  [[nodiscard]] std::ptrdiff_t count() const noexcept { return static_cast<std::ptrdiff_t>(count(look())); }

  // Begins a round of n where the count is zero; else returns false, and nothing changes. Throws std::invalid_argument unless
  // 1 <= n <= max(). Async-signal-safe on futex_lot where it does not throw.
  [[nodiscard]] bool try_set_count(std::ptrdiff_t n) {
    if (n <= 0 || n > (max)()) [[unlikely]]
      detail::refuse_argument("countdown_latch::try_set_count(n): n is not positive or above max()");
    word_type seen = word_.load(std::memory_order_relaxed);  // relaxed: a count above zero tells the caller nothing
    while (count(seen) == 0) {
      // acquire: pairs with count_down(), so that the caller may reuse what the last round worked on. release: publishes what it
      // has prepared to those who wait for the end of the new one.
      if (word_.compare_exchange_weak(seen, seen + (static_cast<word_type>(n) << count_shift),
                                      std::memory_order_acq_rel, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  // Until the count has been zero.
  void wait() const noexcept {
    if (const word_type seen = look(); count(seen) > 0) wait_slowly(round(seen), {});
  }

  // True when the round is over, false on timeout. Zero or less does not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    const word_type seen = look();
    return count(seen) == 0 || slowly(round(seen)).wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    const word_type seen = look();
    return count(seen) == 0 || slowly(round(seen)).wait_until(time);
  }

  // As their namesakes, and false once a stop is requested of `stop` while the round is not over.
  template <stoppable_token Token>
  [[nodiscard]] bool wait(Token stop) const {
    const word_type seen = look();
    return count(seen) == 0 || slowly(round(seen)).wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool wait_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) const {
    const word_type seen = look();
    return count(seen) == 0 || slowly(round(seen)).wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool wait_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) const {
    const word_type seen = look();
    return count(seen) == 0 || slowly(round(seen)).wait_until(std::move(stop), time);
  }

 private:
  // The word.
  //
  //   bits 63..32  count   What is still to be counted down in this round. 0: no round is on, the next has the number in `round`.
  //   bits 31..1   round   How many rounds are over, modulo 2^31. The half that decides: a waiter parks while it is its own.
  //   bit  0       parked  Some thread may be parked in this round. Set by a waiter before it parks, and only while the count is above zero;
  //                        cleared by the end of the round.
  //
  // The count_down() that takes the count to zero moves on the round in the same step, so that the round that a waiter finds on is
  // over exactly when the number has changed: a try_set_count() changes the count alone.
  //
  // Why no wake is lost: a waiter parks only on a value that it wrote or read with its own round, `parked`, and a count above zero. The
  // last count_down() reads `parked` in the same compare-exchange that ends the round, so either it sees the bit and unparks, or the
  // waiter's compare-exchange came later in the word's modification order, and failed. Between, park() compares round and bit: a
  // count_down() short of zero changes only the other half, and wakes nobody. A round's number comes round again after 2^31 rounds, all
  // while one waiter does not run; it would then wait for the end of that round.
  //
  // Why a wait sees the whole round, though it may read a later value: every write is a read-modify-write, and so of the release
  // sequence of each before it.
  using word_type = std::uint64_t;
  using round_type = std::uint32_t;  // bits 31..1 of the word, in place
  using address = typename Lot::address;
  using limit = detail::wait_limit<Lot>;
  static constexpr int count_shift = 32;
  static constexpr word_type one_count = word_type{1} << count_shift;
  static constexpr word_type parked = 1;
  static constexpr round_type one_round = 2;

  static constexpr word_type count(word_type word) noexcept { return word >> count_shift; }
  static constexpr round_type round(word_type word) noexcept { return static_cast<round_type>(word & ~parked); }
  static constexpr word_type next_round(word_type word) noexcept { return round_type{round(word) + one_round}; }

  word_type look() const noexcept {
    return word_.load(std::memory_order_acquire);  // acquire: pairs with the release in count_down()
  }

  address waiting_address() const noexcept { return Lot::low_half(word_); }

  // `mine`: the round that was on at the beginning of the wait.
  PARK_NO_INLINE bool wait_slowly(round_type mine, limit until) const noexcept {
    if (until.spin(waiting_address(), [=, this] { return round(look()) != mine; })) return true;
    while (!until.reached()) {
      word_type seen = look();
      if (round(seen) != mine) return true;
      // relaxed: publishes nothing but the bit; see "Why no wake is lost"
      if (!(seen & parked) && !word_.compare_exchange_weak(seen, seen | parked, std::memory_order_relaxed)) continue;
      if (!until.park(waiting_address(), mine | static_cast<round_type>(parked))) break;
    }
    return round(look()) != mine;
  }

  // The rest of a bounded wait, after the first look.
  auto slowly(round_type mine) const {
    return detail::bounded<Lot>([=, this](limit until) { return wait_slowly(mine, until); }, waiting_address());
  }

  mutable typename Lot::template atomic<word_type> word_;
};

#define PARK_DECLARE_COUNTDOWN_LATCH(lot) extern template class PARK_API basic_countdown_latch<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_COUNTDOWN_LATCH)
#undef PARK_DECLARE_COUNTDOWN_LATCH

// A class of its own, as park::latch is.
class countdown_latch : public basic_countdown_latch<native_lot> {
 public:
  using basic_countdown_latch<native_lot>::basic_countdown_latch;
};

}  // namespace park
