#include "park/timer.hpp"

#include <new>

#include "immortal.hpp"
#include "lot/fork.hpp"
#include "park/thread.hpp"

namespace park {
namespace detail {
namespace {

template <parking_lot Lot>
constinit immortal<timer_service<Lot>> service{};

// The child has not the thread, and whatever the parent's threads were about to do with the heap is not done.
template <parking_lot Lot>
void forget() noexcept {
  ::new (&service<Lot>.value) timer_service<Lot>;
}

void forget_all() noexcept {
#define PARK_FORGET(lot) forget<lot>();
  PARK_FOR_EACH_LOT(PARK_FORGET)
#undef PARK_FORGET
}

[[maybe_unused]] const bool fork_is_handled = (in_fork_child([] { forget_all(); }), true);

}  // namespace

template <parking_lot Lot>
void shared_timers<Lot>::start(timer_task<Lot>& one, deadline when) {
  service<Lot>.value.start(one, when, [] {
    const basic_thread<Lot> server({.name = timer_service<Lot>::name, .daemon = true},
                                   [] { service<Lot>.value.serve(); });
  });
}

template <parking_lot Lot>
bool shared_timers<Lot>::cancel(timer_task<Lot>& one) noexcept {
  return service<Lot>.value.cancel(one);
}

template <parking_lot Lot>
bool shared_timers<Lot>::is_served_here() noexcept {
  return service<Lot>.value.is_served_here();
}

}  // namespace detail

#define PARK_DEFINE_TIMER(lot)                \
  template struct detail::shared_timers<lot>; \
  template class basic_timer<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_TIMER)

}  // namespace park
