// What every wait shares: its limits, and the conversions from the standard's ways of saying them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/foreign_clock.hpp"
#include "park/lot.hpp"
#include "park/stop.hpp"

namespace park::detail {

// When one call of a wait must end without what it waited for: at a deadline, on a stop request, on either, or never.
//
// A deadline on a clock that the system cannot wait on is `until` too, as far as that is known at first, for who spins; but `clock` says
// whether it has come, and the thread that sleeps asks it once in a second at least: such a clock may be moved forward meanwhile.
template <parking_lot Lot>
struct wait_limit {
  deadline until = deadline::never();
  stop_gate<Lot>* gate = nullptr;
  foreign_time* clock = nullptr;

  // Asked before a thread registers as a waiter, so that a wait with no time left makes no system call and leaves no trace.
  bool reached() const noexcept { return stopped() || expired(); }

  bool stopped() const noexcept { return gate != nullptr && gate->stopped(); }
  bool expired() const noexcept { return clock != nullptr ? clock->has_come() : !until.is_never() && until.passed(); }

  // As Lot::park; false once the limit has been reached. The caller then looks once more: what it waited for may have come too.
  bool park(typename Lot::address where, std::uint32_t value) const noexcept {
    return clock != nullptr ? park_in_steps(where, value) : park_until(where, value, until);
  }

  // Looks until `ready`, which must write nothing where it is false, is true: then so is this. False once spinning no longer pays or a
  // stop has been requested. `where` and `threads` as of the lot's backoff.
  template <class Ready>
  bool spin(typename Lot::address where, Ready ready, std::uint32_t threads = 1) const noexcept {
    return spin_by(typename Lot::backoff(until, threads, where), ready);
  }

  // The same of a word that others may be about to write, as those do who fight for a lock.
  template <class Ready>
  bool spin_for_lock(typename Lot::address where, Ready ready) const noexcept {
    typename Lot::backoff backoff(until, 1, where);
    if constexpr (requires { backoff.look_seldom(); }) backoff.look_seldom();
    return spin_by(backoff, ready);
  }

  // Of what no one word tells.
  template <class Ready>
  bool spin(Ready ready) const noexcept {
    return spin_by(typename Lot::backoff(until), ready);
  }

 private:
  bool park_until(typename Lot::address where, std::uint32_t value, deadline time) const noexcept {
    return gate != nullptr ? gate->park(where, value, time) : Lot::park(where, value, time);
  }

  // A step that ends by its own time has had no unpark spent on it, and the next compares the value again: nothing is lost between them, and
  // who is called sees one park.
  PARK_NO_INLINE bool park_in_steps(typename Lot::address where, std::uint32_t value) const noexcept {
    for (;;) {
      const std::chrono::nanoseconds left = clock->left();
      if (left == left.zero()) return false;
      if (park_until(where, value, deadline::after((std::min)(left, foreign_time::longest_step)))) return true;
      if (stopped()) return false;
    }
  }

  template <class Ready>
  bool spin_by(typename Lot::backoff backoff, Ready& ready) const noexcept {
    while (!stopped() && backoff.again()) {
      if (ready()) return backoff.paid_off(), true;
    }
    return false;
  }
};

// The standard's ways of bounding a wait, in terms of one that is called with its limit. Made by bounded().
template <parking_lot Lot, class Wait>
class bounded_wait {
 public:
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;

  bounded_wait(Wait wait, address first, address second) : wait_(std::move(wait)), first_(first), second_(second) {}

  bool wait(deadline until = deadline::never()) const { return wait_(limit{until}); }

  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return wait(deadline::after(timeout));
  }

  template <class Clock, class Duration>
  bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return wait_until_or_stop(time, nullptr);
  }

  template <stoppable_token Token>
  bool wait(Token stop, deadline until = deadline::never()) const {
    return with_stop(std::move(stop), [&](auto* gate) { return wait_(limit{until, gate}); });
  }

  template <stoppable_token Token, class Rep, class Period>
  bool wait_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) const {
    return wait(std::move(stop), deadline::after(timeout));
  }

  template <stoppable_token Token, class Clock, class Duration>
  bool wait_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) const {
    return with_stop(std::move(stop), [&](auto* gate) { return wait_until_or_stop(time, gate); });
  }

 private:
  // Only the steady and the system clock can be waited on; any other is converted to the steady one, and looked at again now and then.
  // Where it throws in the middle of the wait, the next look throws from here, or it goes on.
  template <class Clock, class Duration>
  bool wait_until_or_stop(const std::chrono::time_point<Clock, Duration>& time, stop_gate<Lot>* gate) const {
    if constexpr (std::is_same_v<Clock, std::chrono::steady_clock> ||
                  std::is_same_v<Clock, std::chrono::system_clock>) {
      return wait_(limit{deadline::at(time), gate});
    } else {
      for (;;) {
        foreign_time clock(time);
        const auto left = time_left(time, Clock::now());
        if (wait_(limit{deadline::after(left), gate, &clock})) return true;
        if (!clock.threw() || (gate != nullptr && gate->stopped())) return false;
      }
    }
  }

  // Calls wait(gate) with a gate that a stop request on `token` closes.
  template <class Token, class Call>
  bool with_stop(Token token, Call call) const {
    stop_gate<Lot> gate(first_, second_);
    auto request = [&gate]() noexcept { gate.request(); };
    const typename stop_callback_of<Token, decltype(request)>::type callback(std::move(token), request);
    return call(&gate);
  }

  const Wait wait_;
  const address first_, second_;
};

// Of a wait that is called as wait(wait_limit<Lot>), true once what it waits for has come, and that parks at one or two addresses, or moves
// on from the second to others.
template <parking_lot Lot, class Wait>
bounded_wait<Lot, Wait> bounded(Wait wait, typename Lot::address first, typename Lot::address second) {
  return {std::move(wait), first, second};
}
template <parking_lot Lot, class Wait>
bounded_wait<Lot, Wait> bounded(Wait wait, typename Lot::address only) {
  return {std::move(wait), only, only};
}

}  // namespace park::detail
