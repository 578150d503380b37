// What every wait shares: its limits, and the conversions from the standard's ways of saying them.
#pragma once

#include <chrono>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "park/deadline.hpp"
#include "park/detail/foreign_clock.hpp"
#include "park/lot.hpp"
#include "park/stop.hpp"

namespace park::detail {

// When one call of a wait must end without what it waited for: at a deadline, on a stop request, on either, or never.
template <parking_lot Lot>
struct wait_limit {
  deadline until = deadline::never();
  stop_gate<Lot>* gate = nullptr;

  // Asked before a thread registers as a waiter, so that a wait with no time left makes no system call and leaves no trace.
  bool reached() const noexcept { return stopped() || expired(); }

  bool stopped() const noexcept { return gate != nullptr && gate->stopped(); }
  bool expired() const noexcept { return !until.is_never() && until.passed(); }

  // As Lot::park; false once the limit has been reached. The caller then looks once more: what it waited for may have come too.
  bool park(typename Lot::address where, std::uint32_t value) const noexcept {
    return gate != nullptr ? gate->park(where, value, until) : Lot::park(where, value, until);
  }

  // Looks until `ready`, which must write nothing where it is false, is true: then so is this. False once spinning no longer pays or a
  // stop has been requested. `threads` as of the lot's backoff.
  template <class Ready>
  bool spin(Ready ready, std::uint32_t threads = 1) const noexcept {
    typename Lot::backoff backoff(until, threads);
    while (!stopped() && backoff.again()) {
      if (ready()) return backoff.paid_off(), true;
    }
    return false;
  }
};

// Calls wait(deadline) until it returns true or `time` has come on its own clock. Only the steady and the system clock can be
// waited on; any other is converted to the steady one and looked at again after each wait.
template <class Clock, class Duration, class Wait, class Stopped>
bool wait_until_time(const std::chrono::time_point<Clock, Duration>& time, Wait&& wait, Stopped&& stopped) {
  if constexpr (std::is_same_v<Clock, std::chrono::steady_clock> || std::is_same_v<Clock, std::chrono::system_clock>) {
    return wait(deadline::at(time));
  } else {
    for (;;) {
      const auto left = time_left(time, Clock::now());
      if (wait(deadline::after(left))) return true;
      if (left == left.zero() || stopped()) return false;
    }
  }
}

// Calls wait(gate) with a gate at the given one or two addresses that a stop request on `token` closes.
template <parking_lot Lot, stoppable_token Token, class Wait>
bool wait_with_stop(Token&& token, stop_gate<Lot>& gate, Wait&& wait) {
  auto request = [&gate]() noexcept { gate.request(); };
  const typename stop_callback_of<std::remove_cvref_t<Token>, decltype(request)>::type callback(
      std::forward<Token>(token), request);
  return wait(&gate);
}

}  // namespace park::detail
