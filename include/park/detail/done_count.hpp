// How many of the items that a bounded_queue has ever had are done with, and the threads that wait until all are.
#pragma once

#include <atomic>
#include <cstdint>

#include "park/config.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// The word.
//
//   bits 63..1  done    The ticket of the next item to be done with, see slot_array: all before it are. Never ahead of the next to be pushed.
//   bit  0      parked  Some thread may be parked. Set by a waiter before it parks, and only while it has seen an item that is not done with;
//                       cleared by the step that says that all are, as far as the thread that takes it knows.
//
// The lower half decides: a waiter parks while neither the count nor the bit has changed. Nothing is counted where items are pushed: `end`, the
// ticket of the next item to be pushed, is read by those who count here and those who wait here, and all is done when the two are equal.
//
// Why a wait is right: it reads `done` and then `end`. Where they are equal, then `done`, which never passes `end`, was at it in the moment that
// `end` was read. An `end` from before a push() is none from before a push() that happens before the wait.
//
// Why no call is refused that should not be: who has popped an item sees the push() of it, and by the acquire loads of this word those of
// all the items that were counted before. So it reads an `end` that is ahead of what it has read of `done`.
//
// Why no wake is lost: a waiter parks only on a value with `parked`, whose `done` it has found behind an `end`. Let the two be equal in the end.
// The step that brought `done` there has read an `end` that is no less, as above, and no greater, since `end` only goes on: so it has known
// that it is the last, and it reads `parked` in the same compare-exchange. Either it sees the bit and unparks, or the waiter's compare-exchange
// came later, on a value that it has then looked at. A step before it changes the word under a thread about to park, which looks again;
// and need not wake who sleeps. Where one counts as the last that is not, since another item has been pushed, those it wakes look and sleep
// again. Values of the lower half come round again after 2^31 tickets, all while one waiter does not run.
//
// Why the queue may be destroyed by who has waited: the compare-exchange is the last access to it; what follows is an unpark, by address.
template <parking_lot Lot>
class done_count {
 public:
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;
  using ticket = std::uint64_t;

  // What n more that are done with make of `done`: the ticket, whether that is `end`, or that there are not so many.
  struct step {
    ticket next;
    bool last;
    bool too_far;
  };

  // Moves on by what step_from(done) says. False: too far, and nothing has changed.
  template <class StepFrom>
  bool move_on(StepFrom step_from) noexcept {
    const address where = waiting_address();
    for (;;) {
      // acquire: pairs with the release below, so that `end` is ahead of what was counted
      word_type seen = word_.load(std::memory_order_acquire);
      const step to = step_from(seen >> done_shift);
      if (to.too_far) [[unlikely]]
        return false;
      const word_type next = to.next << done_shift | (to.last ? 0 : seen & parked);
      // release: publishes the caller's work to the waiters. The last access to *this: from here on a waiter may destroy it.
      if (!word_.compare_exchange_weak(seen, next, std::memory_order_release, std::memory_order_relaxed)) continue;
      if (to.last && (seen & parked)) [[unlikely]]
        Lot::unpark(where, everyone);
      return true;
    }
  }

  // Whether all are done with, where end() is read when this has been.
  template <class End>
  bool all(End end) const noexcept {
    return look() >> done_shift == end();
  }

  // Until they are. False once the limit has been reached.
  template <class End>
  PARK_NO_INLINE bool wait(limit until, End end) const noexcept {
    if (until.spin(waiting_address(), [&, this] { return all(end); })) return true;
    while (!until.reached()) {
      word_type seen = look();
      if (seen >> done_shift == end()) return true;
      // relaxed: publishes nothing but the bit; see "Why no wake is lost"
      if (!(seen & parked) && !word_.compare_exchange_weak(seen, seen | parked, std::memory_order_relaxed)) continue;
      if (!until.park(waiting_address(), static_cast<std::uint32_t>(seen | parked))) break;
    }
    return all(end);
  }

  address waiting_address() const noexcept { return Lot::low_half(word_); }

 private:
  using word_type = std::uint64_t;
  static constexpr word_type parked = 1;
  static constexpr int done_shift = 1;

  word_type look() const noexcept {
    return word_.load(
        std::memory_order_acquire);  // acquire: pairs with the release in move_on(), and comes before `end`
  }

  mutable typename Lot::template atomic<word_type> word_{0};
};

}  // namespace park::detail
