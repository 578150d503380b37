// park::cyclic_barrier: a fixed number of parties meets, again and again; if one does not come, nobody waits for ever: the barrier breaks.
//
//   park::cyclic_barrier round(workers, [] { swap(previous, next); });
//   ... each worker: for (...) { compute(); round.wait(); }
//   ... somebody: round.abort();  // each wait() throws park::broken_barrier_error, until round.reset()
//
// Model: threading.Barrier of Python, and CyclicBarrier of Java; wait_until and the stop_token waits are ours. CTAD works.
// Generations: one ends when `parties` threads have arrived and the action has run, which all of their waits then return from; or when
//   it is broken: then all of them throw. Who was released returns, and who was broken throws, though abort(), reset() or whole
//   generations follow before it runs.
// Index: wait() returns how many were still lacking when it arrived: parties - 1 to the first, ..., 0 to the last.
// Action: runs once in each generation in which all have arrived, in the last of them, before anyone is released. No two run at once.
//   If it throws, the generation breaks, and the last gets that exception. Others may break a generation while its action
//   runs: they need not wait for it, and nor do those who wait; its own thread throws when the action has returned.
// Breaking: abort(), reset(), an action that throws, and each wait that reaches its limit, be it time or a stop, or ends by an exception
//   of its clock or token. Who reaches its limit gets a broken_barrier_error, as everyone else does.
// Broken: whoever comes is turned away, until reset(). A reset() turns nobody away, but nobody is counted in the next generation until
//   all whom it broke, or an abort() before it, have left: who comes before, or while the action runs, waits for that, uncounted.
// Ordering: each arrival happens before the action of its generation, which happens before the return of each of its waits, and before the
//   next action. What breaks a generation synchronizes with each wait that therefore throws.
// Lifetime: a cyclic_barrier may be destroyed as soon as all who wait have returned or thrown, even while the call that ended their
//   waits, be it that of the last to arrive, is still waking others.
// Signals: on futex_lot abort(), reset(), broken() and n_waiting() are async-signal-safe, in the middle of a call on the same object too.
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is; unless the action is, which counts as a throw.
// Misuse: parties that are not positive, or above max(), are refused with std::invalid_argument. Where the library is compiled without
//   exceptions that, and each broken_barrier_error, ends in park::contract_violation. An action that waits at its own barrier
//   waits for itself.
// Cost: 16 bytes with an empty action or none, no heap. wait() is one compare-exchange and a load, and one more of each where it runs
//   an action; a futex call only to sleep or to wake sleepers, though a wait that spins first may yield, and one that breaks the
//   barrier after it has slept may wake nobody.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "park/config.hpp"
#include "park/detail/generation_word.hpp"
#include "park/detail/no_completion.hpp"
#include "park/detail/refuse_argument.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park {

// What the waits of a generation that was broken throw.
class PARK_API broken_barrier_error : public std::runtime_error {
 public:
  broken_barrier_error();
  ~broken_barrier_error() override;
};

namespace detail {

[[noreturn]] PARK_API void throw_broken_barrier();

}  // namespace detail

template <class Action, parking_lot Lot>
class basic_cyclic_barrier {
  using generations = detail::generation_word<Lot>;
  using visit = typename generations::visit;
  using place = typename generations::place;

 public:
  static constexpr std::ptrdiff_t(max)() noexcept { return generations::max; }

  // Throws std::invalid_argument unless 1 <= parties <= max().
  constexpr explicit basic_cyclic_barrier(std::ptrdiff_t parties, Action action = Action())
      : generations_(parties), action_(std::move(action)) {
    if (parties <= 0 || parties > (max)())
      detail::refuse_argument("cyclic_barrier(parties): parties is not positive or above max()");
  }

  basic_cyclic_barrier(const basic_cyclic_barrier&) = delete;
  basic_cyclic_barrier& operator=(const basic_cyclic_barrier&) = delete;

  // Until all parties have arrived; returns the index of this one. All of these throw broken_barrier_error if the generation is broken,
  // and the action's exception where this thread has run it.
  std::ptrdiff_t wait() {
    return meet([this](visit& mine) { return generations_.proceed(mine, has_action, {}); });
  }

  // Breaks the barrier where the others have not arrived in time. Zero or less does not wait.
  template <class Rep, class Period>
  std::ptrdiff_t wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return meet([&](visit& mine) { return slowly(mine).wait_for(timeout); });
  }

  // The same, never before `time` on Clock; follows the jumps of system_clock.
  template <class Clock, class Duration>
  std::ptrdiff_t wait_until(const std::chrono::time_point<Clock, Duration>& time) {
    return meet([&](visit& mine) { return slowly(mine).wait_until(time); });
  }

  // As their namesakes, and break the barrier too where a stop is requested of `stop` before the others have arrived.
  template <stoppable_token Token>
  std::ptrdiff_t wait(Token stop) {
    return meet([&](visit& mine) { return slowly(mine).wait(std::move(stop)); });
  }

  template <stoppable_token Token, class Rep, class Period>
  std::ptrdiff_t wait_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return meet([&](visit& mine) { return slowly(mine).wait_for(std::move(stop), timeout); });
  }

  template <stoppable_token Token, class Clock, class Duration>
  std::ptrdiff_t wait_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) {
    return meet([&](visit& mine) { return slowly(mine).wait_until(std::move(stop), time); });
  }

  // Breaks the barrier: all who wait throw, and whoever comes, until reset(). Async-signal-safe on futex_lot.
  void abort() noexcept { generations_.abort(); }

  // Breaks the generation of those who wait, if any do, and lets a new one begin. Async-signal-safe on futex_lot.
  void reset() noexcept { generations_.reset(); }

  [[nodiscard]] std::ptrdiff_t parties() const noexcept { return generations_.parties(); }

  // How many have arrived, and are neither released nor broken; for display.
  [[nodiscard]] std::ptrdiff_t n_waiting() const noexcept { return generations_.waiting(); }

  // Whoever comes now is turned away.
  [[nodiscard]] bool broken() const noexcept { return generations_.is_broken(); }

 private:
  static constexpr bool has_action = !std::same_as<Action, detail::no_completion>;

  // A visit that ends by an exception while it is undecided, or in the action, breaks the generation.
  struct deserter {
    generations& all;
    visit& mine;
    ~deserter() {
      if (mine.undecided() || mine.at == place::acting) all.give_up(mine);
    }
  };

  // One wait. `proceed` goes on with it where it is undecided; false: the limit has been reached.
  template <class Proceed>
  std::ptrdiff_t meet(Proceed proceed) {
    visit mine;
    const deserter guard{generations_, mine};
    generations_.arrive(mine, has_action);
    if (mine.undecided() && !proceed(mine)) generations_.give_up(mine);
    if constexpr (has_action) {
      if (mine.at == place::acting) {
        action_();
        generations_.complete(mine);
      }
    }
    if (mine.at == place::broken) [[unlikely]]
      detail::throw_broken_barrier();
    return mine.index;
  }

  // The rest of a bounded wait, after the arrival.
  auto slowly(visit& mine) {
    return detail::bounded<Lot>(
        [this, &mine](detail::wait_limit<Lot> until) { return generations_.proceed(mine, has_action, until); },
        generations_.waiting_address());
  }

  generations generations_;
  PARK_NO_UNIQUE_ADDRESS Action action_;
};

// A class of its own, as park::barrier is.
template <class Action = detail::no_completion>
class cyclic_barrier : public basic_cyclic_barrier<Action, native_lot> {
 public:
  using basic_cyclic_barrier<Action, native_lot>::basic_cyclic_barrier;
};

cyclic_barrier(std::ptrdiff_t) -> cyclic_barrier<>;

template <class Action>
cyclic_barrier(std::ptrdiff_t, Action) -> cyclic_barrier<Action>;

}  // namespace park
