// Stopping a wait: what a member that takes a stop token asks of the token, and how a stop request reaches a parked thread.
//
// Cost: a wait that takes a token registers a stop callback with it, once it finds that it has to wait. For each waiter, request_stop()
//   wakes all who are parked at the address that this one is parked at, since no lot can wake a chosen thread; the others look again
//   and sleep on. It returns when each stopped waiter has looked: k waiters with one token on one object are woken up to k * k times.
// Lifetime: a wait keeps its token, not the source: where all sources are gone, it waits on as one that cannot be stopped.
// Signals: request_stop() is not async-signal-safe: it waits for the stopped thread, which may be the one that the handler interrupts.
#pragma once

#include <concepts>
#include <cstdint>
#include <utility>

#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/lot.hpp"
#if PARK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace park {

namespace detail {

// The callback type of a token: Token::callback_type<F> (C++26), else std::stop_callback<F> where the library has it.
template <class Token, class F>
struct stop_callback_of {};

template <class Token, class F>
  requires requires { typename Token::template callback_type<F>; }
struct stop_callback_of<Token, F> {
  using type = typename Token::template callback_type<F>;
};

#if PARK_HAS_STOP_TOKEN
template <class F>
struct stop_callback_of<std::stop_token, F> {
  using type = std::stop_callback<F>;
};
#endif

struct no_operation {
  void operator()() const noexcept {}
};

}  // namespace detail

// std::stop_token, or any type with the interface that C++26 calls stoppable_token.
template <class Token>
concept stoppable_token = std::copy_constructible<Token> && requires(const Token& token) {
  { token.stop_requested() } noexcept -> std::convertible_to<bool>;
  typename detail::stop_callback_of<Token, detail::no_operation>::type;
};

namespace detail {

// stop_gate: lets a stop request end one thread's wait, without a trace in the word that it waits on.
//
// Lives on the waiter's stack; the waiter calls park(), a stop callback calls request(), possibly in another thread.
//
//   place_      where the waiter is: `nowhere`, or the one of its two addresses that it parks at or is about to park at.
//   requested_  set once, by request().
//   second_     moves on to each address that the waiter parks at and that is neither of them.
//
// Why no stop is lost: park() stores place_ and then loads requested_; request() stores requested_ and then loads place_; all four
// are seq_cst, so either the waiter sees the request and does not park, or request() sees where it parks and unparks there until it
// has left. The loop is needed because an unpark may come before the waiter has fallen asleep, on a word that nobody has changed.
// It ends as soon as the waiter runs again; request() holds no lock. The unparks may also wake others: they look again.
// Why nobody reads second_ while it moves on: the waiter has stored `nowhere` and then found nothing requested; a request() that comes later
// finds `nowhere` too, or what the waiter stores after that. These are seq_cst too.
// Why request() may touch the gate: the callback is deregistered, which waits for request() to return, before the gate dies.
template <parking_lot Lot>
class stop_gate {
 public:
  using address = typename Lot::address;

  explicit stop_gate(address only) noexcept : first_(only), second_(only) {}
  stop_gate(address first, address second) noexcept : first_(first), second_(second) {}
  stop_gate(const stop_gate&) = delete;
  stop_gate& operator=(const stop_gate&) = delete;

  // As Lot::park, but false too when a stop was requested before the thread parked. Where the stop came later, as an unpark, it
  // returns true, and the next call false: false still means that no unpark was spent on this thread.
  bool park(address where, std::uint32_t value, deadline until) noexcept {
    if (where != first_ && where != second_) {
      if (requested_.load(std::memory_order_seq_cst) != 0) return false;  // after `nowhere`: see above
      second_ = where;
    }
    place_.store(where == first_ ? at_first : at_second,
                 std::memory_order_seq_cst);  // before the load below: see above
    const bool in_time = requested_.load(std::memory_order_seq_cst) == 0 && Lot::park(where, value, until);
    place_.store(nowhere, std::memory_order_seq_cst);  // ends the loop in request(); before the next load of requested_
    return in_time;
  }

  bool stopped() const noexcept {
    return requested_.load(std::memory_order_acquire) != 0;  // acquire: what came before request_stop() is visible
  }

  void request() noexcept {
    requested_.store(1, std::memory_order_seq_cst);  // before the load below: see above
    typename Lot::backoff spin;
    bool spinning = true;
    while (const std::uint32_t place = place_.load(std::memory_order_seq_cst)) {
      Lot::unpark(place == at_first ? first_ : second_, everyone);
      spinning = spinning && spin.again();  // asked no more once it has said no: each time would count as a spin lost
      if (!spinning) Lot::yield();
    }
    if (spinning) spin.paid_off();
  }

 private:
  static constexpr std::uint32_t nowhere = 0, at_first = 1, at_second = 2;

  const address first_;
  address second_;
  typename Lot::template atomic<std::uint32_t> place_{nowhere};
  typename Lot::template atomic<std::uint32_t> requested_{0};
};

}  // namespace detail
}  // namespace park
