// park::latch: threads wait until a count has been counted down to zero. Single use.
//
//   park::latch done(workers);
//   ... each worker: done.count_down();
//   done.wait();
//
// Model: std::latch [thread.latch.class]; the timed and the stop_token waits are ours.
// Ordering: each count_down() synchronizes with every wait of any kind that returns because the count is zero.
// Lifetime: a latch may be destroyed as soon as all waits have returned, even while the last count_down() is still running.
// Signals: on futex_lot count_down() and try_wait() are async-signal-safe, in the middle of a call on the same latch too.
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is.
// Misuse: a negative count, or counting down below zero, ends in park::contract_violation.
// Cost: 4 bytes. count_down() is one atomic read-modify-write, try_wait() one load; a futex call only to sleep or to wake sleepers,
//   though a wait that spins first may yield.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park {

template <parking_lot Lot>
class basic_latch {
 public:
  static constexpr std::ptrdiff_t(max)() noexcept { return count_mask; }

  // Precondition: 0 <= expected <= max(). A latch of 0 is open from the start.
  constexpr explicit basic_latch(std::ptrdiff_t expected) noexcept : word_(static_cast<word_type>(expected)) {
    if (expected < 0 || expected > (max)()) contract_violation("latch(expected): expected is negative or above max()");
  }

  basic_latch(const basic_latch&) = delete;
  basic_latch& operator=(const basic_latch&) = delete;

  // Takes n from the count and, at zero, wakes all who wait. Precondition: 0 <= n <= the count. Async-signal-safe on futex_lot.
  void count_down(std::ptrdiff_t n = 1) noexcept {
    static_cast<void>(take(n, std::memory_order_release));  // release: publishes the caller's work to the waiters
  }

  // True once the count is zero.
  bool try_wait() const noexcept {
    return count(word_.load(std::memory_order_acquire)) == 0;  // acquire: pairs with the release in take()
  }

  void wait() const noexcept {
    if (!try_wait()) wait_slowly({});
  }

  // count_down(n), then wait(). The thread that takes the count to zero does not touch the latch again.
  void arrive_and_wait(std::ptrdiff_t n = 1) noexcept {
    // acquire too: the last arrival returns on this access alone.
    if (!take(n, std::memory_order_acq_rel)) wait();
  }

  // True when the count reached zero, false on timeout. Zero or less does not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return try_wait() || slowly().wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return try_wait() || slowly().wait_until(time);
  }

  // As their namesakes, and false once a stop is requested of `stop` while the count is above zero.
  template <stoppable_token Token>
  [[nodiscard]] bool wait(Token stop) const {
    return try_wait() || slowly().wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool wait_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) const {
    return try_wait() || slowly().wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool wait_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) const {
    return try_wait() || slowly().wait_until(std::move(stop), time);
  }

 private:
  // The word.
  //
  //   bit 31      parked   Some thread may be parked. Set by a waiter before it parks, never cleared: a latch is single use, and a
  //                        needless unpark after a timeout costs one system call, once.
  //   bits 30..0  count    What is still expected. Only ever decreases; zero is final.
  //
  // Why no wake is lost: a waiter parks only on a value that it wrote or read with `parked` set and count > 0. The count_down that
  // takes the count to zero reads `parked` in the same fetch_sub, so either it sees the bit and unparks, or the waiter's
  // compare-exchange came later in the word's modification order, and failed. A count_down short of zero changes the word under a
  // thread about to park: park() returns at once and the loop looks again; threads already parked need not wake.
  using word_type = std::uint32_t;
  using limit = detail::wait_limit<Lot>;
  static constexpr word_type parked = word_type{1} << 31, count_mask = parked - 1;

  static constexpr word_type count(word_type word) noexcept { return word & count_mask; }

  // True when this took the count to zero; the latch may be gone by then.
  bool take(std::ptrdiff_t n, std::memory_order order) noexcept {
    if (n < 0 || n > (max)()) [[unlikely]]
      contract_violation("latch::count_down(n): n is negative or above max()");
    const auto taken = static_cast<word_type>(n);
    const auto where = Lot::whole(word_);
    const word_type before =
        word_.fetch_sub(taken, order);  // the last access to *this: from here on a waiter may destroy it
    if (count(before) > taken) [[likely]]
      return false;
    if (before != taken) finish(where, before, taken);
    return true;
  }

  PARK_NO_INLINE static void finish(typename Lot::address where, word_type before, word_type taken) noexcept {
    if (count(before) < taken) contract_violation("latch::count_down(n): n is greater than the count");
    Lot::unpark(where, everyone);
  }

  PARK_NO_INLINE bool wait_slowly(limit until) const noexcept {
    if (until.spin(Lot::whole(word_), [this] { return try_wait(); })) return true;
    while (!until.reached()) {
      word_type seen = word_.load(std::memory_order_acquire);  // acquire: as in try_wait()
      if (count(seen) == 0) return true;
      // relaxed: publishes nothing but the bit; see "Why no wake is lost"
      if (!(seen & parked) && !word_.compare_exchange_weak(seen, seen | parked, std::memory_order_relaxed)) continue;
      if (!until.park(Lot::whole(word_), seen | parked)) break;
    }
    return try_wait();
  }

  // The rest of a bounded wait, after the first look.
  auto slowly() const {
    return detail::bounded<Lot>([this](limit until) { return wait_slowly(until); }, Lot::whole(word_));
  }

  mutable typename Lot::template atomic<word_type> word_;
};

#define PARK_DECLARE_LATCH(lot) extern template class PARK_API basic_latch<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_LATCH)
#undef PARK_DECLARE_LATCH

// A class of its own, as its namesake is.
class latch : public basic_latch<native_lot> {
 public:
  using basic_latch<native_lot>::basic_latch;
};

}  // namespace park
