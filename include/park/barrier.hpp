// park::barrier: a group of threads meets, phase after phase; an optional completion step runs once in each meeting.
//
//   park::barrier round(workers, [] { swap(previous, next); });
//   ... each worker: for (...) { compute(); round.arrive_and_wait(); }
//
// Model: std::barrier [thread.barrier.class]; try_wait and the timed and stop_token waits on a token are ours. CTAD works.
// Ordering: every arrival of a phase happens before its completion step, which happens before the return of any wait on that phase.
// Completion: runs exactly once per phase, in the thread of the last arrival, before anyone is released. If it throws, the program
//   terminates.
// Lifetime: a barrier may be destroyed as soon as all waits of its last phase have returned, even while the arrival that ended
//   that phase is still waking others.
// Signals: on futex_lot arrive(), arrive_and_drop() and try_wait() are async-signal-safe, in the middle of a call on the same barrier too, if
//   the completion step is. An arrival in a handler counts like any other: it must be one that the phase lacks.
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is.
// Misuse: a negative expected count, n outside 1..pending, or dropping out when nobody is expected ends in park::contract_violation.
// Cost: 16 bytes with an empty completion, no heap. arrive() is one atomic read-modify-write, and one more where a completion step
//   runs; a wait is one load; a futex call only to sleep or to wake sleepers, though a wait that spins first may yield.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/no_completion.hpp"
#include "park/detail/phase_word.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park {

template <class CompletionFunction, parking_lot Lot>
class basic_barrier {
  using phases = detail::phase_word<Lot>;

 public:
  // One arrival, to be waited on. Move-only; a moved-from token may only be destroyed or assigned to.
  class arrival_token {
   public:
    arrival_token(arrival_token&&) noexcept = default;
    arrival_token& operator=(arrival_token&&) noexcept = default;

   private:
    friend class basic_barrier;
    explicit arrival_token(typename phases::phase_type phase) noexcept : phase_(phase) {}
    typename phases::phase_type phase_;
  };

  static constexpr std::ptrdiff_t(max)() noexcept { return phases::max; }

  // Precondition: 0 <= expected <= max().
  constexpr explicit basic_barrier(std::ptrdiff_t expected, CompletionFunction completion = CompletionFunction())
      : phases_(expected), completion_(std::move(completion)) {
    if (expected < 0 || expected > (max)())
      contract_violation("barrier(expected): expected is negative or above max()");
  }

  basic_barrier(const basic_barrier&) = delete;
  basic_barrier& operator=(const basic_barrier&) = delete;

  // Counts n arrivals in the current phase. Precondition: 1 <= n <= the arrivals that it lacks. Async-signal-safe on futex_lot, if the
  // completion step is.
  [[nodiscard]] arrival_token arrive(std::ptrdiff_t n = 1) { return arrival_token(count(n).phase); }

  // Waits for the end of the token's phase. Precondition, of all waits on a token: it is of the current phase or of the one before, which
  // is over, so that the wait returns at once. An older token does so too, but phases are numbered modulo 2^31: 2^31 phases later
  // it is taken for one of the current phase.
  void wait(arrival_token&& token) const {
    if (!try_wait(token)) phases_.wait(token.phase_, {});
  }

  // wait(arrive()). The thread that ends the phase does not touch the barrier again.
  void arrive_and_wait() {
    const auto arrival = count(1);
    if (!arrival.turned) phases_.wait(arrival.phase, {});
  }

  // Arrives, and is expected no more from the next phase on. Precondition: as arrive(1).
  void arrive_and_drop() {
    phases_.drop();
    count(1);
  }

  // True once the token's phase is over.
  [[nodiscard]] bool try_wait(const arrival_token& token) const noexcept { return phases_.passed(token.phase_); }

  // True when the phase is over, false on timeout; the token stays good for another wait. Zero or less does not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const arrival_token& token, const std::chrono::duration<Rep, Period>& timeout) const {
    return try_wait(token) || slowly(token).wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const arrival_token& token,
                                const std::chrono::time_point<Clock, Duration>& time) const {
    return try_wait(token) || slowly(token).wait_until(time);
  }

  // As their namesakes, and false once a stop is requested of `stop` while the phase is not over; the token stays good.
  template <stoppable_token Token>
  [[nodiscard]] bool wait(const arrival_token& token, Token stop) const {
    return try_wait(token) || slowly(token).wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool wait_for(const arrival_token& token, Token stop,
                              const std::chrono::duration<Rep, Period>& timeout) const {
    return try_wait(token) || slowly(token).wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool wait_until(const arrival_token& token, Token stop,
                                const std::chrono::time_point<Clock, Duration>& time) const {
    return try_wait(token) || slowly(token).wait_until(std::move(stop), time);
  }

 private:
  typename phases::arrival count(std::ptrdiff_t n) {
    if (n <= 0 || n > (max)()) [[unlikely]]
      contract_violation("barrier::arrive(n): n is not positive or above max()");
    if constexpr (std::same_as<CompletionFunction, detail::no_completion>) {
      return phases_.arrive(n);
    } else {
      return phases_.arrive(n, [this]() noexcept { completion_(); });
    }
  }

  // The rest of a bounded wait, after the first look.
  auto slowly(const arrival_token& token) const {
    return detail::bounded<Lot>(
        [this, &token](detail::wait_limit<Lot> until) { return phases_.wait(token.phase_, until); },
        phases_.waiting_address());
  }

  phases phases_;
  PARK_NO_UNIQUE_ADDRESS CompletionFunction completion_;
};

// A template of one parameter, as its namesake is, so that it goes where that goes: as an argument for a template parameter, too.
template <class CompletionFunction = detail::no_completion>
class barrier : public basic_barrier<CompletionFunction, native_lot> {
 public:
  using basic_barrier<CompletionFunction, native_lot>::basic_barrier;
};

barrier(std::ptrdiff_t) -> barrier<>;

template <class CompletionFunction>
barrier(std::ptrdiff_t, CompletionFunction) -> barrier<CompletionFunction>;

}  // namespace park
