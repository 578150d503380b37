// park::counting_semaphore, park::binary_semaphore: a count of permits; acquire takes one or waits for it, release
// gives back.
//
//   park::counting_semaphore<8> slots(8);
//   slots.acquire();
//   ...
//   slots.release();
//
// Model: std::counting_semaphore [thread.sema.cnt], with CTAD; available(), n at a time, and stop tokens are ours.
// Ordering: each release() synchronizes with every acquire of any kind that takes a permit it made available.
// Fairness: a thread that never slept may overtake those who sleep, until one of them that has been woken in vain has
//   waited for a millisecond: from then on only those get a permit who waited before, or have waited for as long, each
//   once, until it has one. A thread that takes permits past others, who have been woken and have no CPU yet, yields to
//   them now and then; not where N is above 2^31 - 1, or the CPU has no lock-free atomics of 64 bits. acquire(n) is all
//   or nothing to its caller; while it waits it collects permits as they come, one collector at a time, so that neither
//   it nor the small requests beside it starve; which of several is the next is not promised. What it has collected is
//   not available to others; on timeout or stop it is given back. So a thread must not wait for more permits while it
//   holds some that a collector may need: neither would go on, even where there is enough for the smaller request.
// Lifetime: a semaphore may be destroyed as soon as the last acquire has returned, even while the release that served
//   it still runs.
// Signals: on futex_lot release(), try_acquire() and available() are async-signal-safe, in the middle of a call on the
//   same semaphore too.
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is.
// Misuse: a negative n, n above max(), or a release past max() ends in park::contract_violation.
// Cost: 8 bytes. release() is one atomic read-modify-write, acquire() one compare-exchange; a futex call only to sleep
//   or to wake sleepers, though a wait that spins first may yield. A release never wakes more than it has permits for;
//   who has waited for long and has its permit wakes those who were kept waiting for it. Stop requests: see stop.hpp.
//   Where N is above 2^31 - 1: 16 bytes, release() is a load and a compare-exchange, which is tried again where another
//   thread came between, and a contended spell may end in one wake of nobody. So it is on a CPU without lock-free
//   atomics of 64 bits, for every N, in 8 bytes.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/narrow_permits.hpp"
#include "park/detail/wait.hpp"
#include "park/detail/wide_permits.hpp"
#include "park/native_lot.hpp"

namespace park {

template <std::ptrdiff_t LeastMaxValue, parking_lot Lot>
class basic_counting_semaphore {
  static_assert(LeastMaxValue >= 0, "the greatest count of a semaphore cannot be negative");

 public:
  static constexpr std::ptrdiff_t(max)() noexcept { return LeastMaxValue; }

  // Precondition: 0 <= desired <= max().
  constexpr explicit basic_counting_semaphore(std::ptrdiff_t desired) noexcept : permits_(desired) {
    if (desired < 0 || desired > (max)())
      contract_violation("counting_semaphore(desired): desired is negative or above max()");
  }

  basic_counting_semaphore(const basic_counting_semaphore&) = delete;
  basic_counting_semaphore& operator=(const basic_counting_semaphore&) = delete;

  // Adds n permits and wakes as many sleepers as these can serve. Precondition: 0 <= n <= max() - the count. release(0)
  // does nothing. Async-signal-safe on futex_lot.
  void release(std::ptrdiff_t n = 1) noexcept {
    if (usable(n, "counting_semaphore::release(n): n is negative or above max()")) permits_.release(n, (max)());
  }

  // Takes n permits; waits until they are there. Precondition: 0 <= n <= max(). acquire(0) does nothing.
  void acquire() noexcept { acquire(1); }
  void acquire(std::ptrdiff_t n) noexcept {
    if (usable(n, acquire_rule) && !permits_.try_acquire_alone(n)) permits_.acquire(n, {});
  }

  // Takes n permits if they are there now. Fails only if some moment during the call had fewer, or had them kept for
  // threads that have waited for long. (What std has too may be discarded, as there: to drain a semaphore, or to sleep
  // until somebody releases.)
  bool try_acquire() noexcept { return permits_.try_acquire(1); }
  [[nodiscard]] bool try_acquire(std::ptrdiff_t n) noexcept {
    return take(n, "counting_semaphore::try_acquire(n): n is negative or above max()");
  }

  // True when the permits were taken, false on timeout: then none is. Zero or less, and times past, do not wait but do
  // as try_acquire().
  template <class Rep, class Period>
  bool try_acquire_for(const std::chrono::duration<Rep, Period>& timeout) {
    return try_acquire_for(1, timeout);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(std::ptrdiff_t n, const std::chrono::duration<Rep, Period>& timeout) {
    return take(n, for_rule) || slowly(n).wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& time) {
    return try_acquire_until(1, time);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(std::ptrdiff_t n, const std::chrono::time_point<Clock, Duration>& time) {
    return take(n, until_rule) || slowly(n).wait_until(time);
  }

  // As their namesakes, and false, with nothing taken, once a stop is requested of `stop` while try_acquire() would
  // take none.
  template <stoppable_token Token>
  [[nodiscard]] bool acquire(Token stop) {
    return acquire(1, std::move(stop));
  }
  template <stoppable_token Token>
  [[nodiscard]] bool acquire(std::ptrdiff_t n, Token stop) {
    return take(n, acquire_rule) || slowly(n).wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return try_acquire_for(1, std::move(stop), timeout);
  }
  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(std::ptrdiff_t n, Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return take(n, for_rule) || slowly(n).wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) {
    return try_acquire_until(1, std::move(stop), time);
  }
  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(std::ptrdiff_t n, Token stop,
                                       const std::chrono::time_point<Clock, Duration>& time) {
    return take(n, until_rule) || slowly(n).wait_until(std::move(stop), time);
  }

  // What was free at some moment during the call; relaxed, for display and statistics.
  [[nodiscard]] std::ptrdiff_t available() const noexcept { return permits_.available(); }

 protected:
  // For park::bounded_semaphore. As release(n), n > 0; false, with nothing changed, where the count would pass `most`.
  [[nodiscard]] bool release_up_to(std::ptrdiff_t n, std::ptrdiff_t most) noexcept {
    return permits_.release_up_to(n, most);
  }

 private:
  using state = std::conditional_t<has_lock_free_pairs<Lot> && (LeastMaxValue <= detail::narrow_permits<Lot>::max),
                                   detail::narrow_permits<Lot>, detail::wide_permits<Lot>>;
  static_assert(LeastMaxValue <= state::max,
                "without lock-free atomics of 64 bits a semaphore has at most 2^31 - 1 permits");
  static_assert(Lot::template atomic<typename state::word_type>::is_always_lock_free);

  static constexpr const char* acquire_rule = "counting_semaphore::acquire(n): n is negative or above max()";
  static constexpr const char* for_rule = "counting_semaphore::try_acquire_for(n, ...): n is negative or above max()";
  static constexpr const char* until_rule =
      "counting_semaphore::try_acquire_until(n, ...): n is negative or above max()";

  // True when the n permits were there, or n is 0. `rule` is what the calling member demands of n.
  bool take(std::ptrdiff_t n, const char* rule) noexcept { return !usable(n, rule) || permits_.try_acquire(n); }

  // False for 0, which asks for nothing. One is no misuse even of counting_semaphore<0>: it is waited for in vain.
  static bool usable(std::ptrdiff_t n, const char* rule) noexcept {
    if (n < 0 || n > std::max<std::ptrdiff_t>((max)(), 1)) [[unlikely]]
      contract_violation(rule);
    return n != 0;
  }

  // The rest of a bounded wait, after the first look.
  auto slowly(std::ptrdiff_t n) {
    return detail::bounded<Lot>([=, this](detail::wait_limit<Lot> until) { return permits_.acquire(n, until); },
                                permits_.waiting_address(), permits_.gate_address());
  }

  state permits_;
};

// A template of one parameter, as its namesake is, so that it goes where that goes: as an argument for a template
// parameter, too.
template <std::ptrdiff_t LeastMaxValue = 0x7fffffff>
class counting_semaphore : public basic_counting_semaphore<LeastMaxValue, native_lot> {
 public:
  using basic_counting_semaphore<LeastMaxValue, native_lot>::basic_counting_semaphore;
};

counting_semaphore(std::ptrdiff_t) -> counting_semaphore<>;

using binary_semaphore = counting_semaphore<1>;

}  // namespace park
