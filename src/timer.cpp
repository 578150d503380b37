#include "park/timer.hpp"

#include <memory>
#include <new>
#include <string>
#include <utility>

#include "blocked_signals.hpp"
#include "immortal.hpp"
#include "lot/fork.hpp"
#include "park/thread.hpp"

namespace park {
namespace detail {
namespace {

template <parking_lot Lot>
constinit immortal<timer_service<Lot>> shared{};

// The child has not the thread, and whatever the parent's threads were about to do with the heap is not done.
template <parking_lot Lot>
void forget() noexcept {
  ::new (&shared<Lot>.value) timer_service<Lot>;
}

void forget_all() noexcept {
#define PARK_FORGET(lot) forget<lot>();
  PARK_FOR_EACH_LOT(PARK_FORGET)
#undef PARK_FORGET
}

[[maybe_unused]] const bool fork_is_handled = (in_fork_child([] { forget_all(); }), true);

template <parking_lot Lot>
timer_service<Lot>& service_of(const timer_task<Lot>& one) noexcept {
  return one.own() != nullptr ? one.own()->service : shared<Lot>.value;
}

// Has a thread serve, which takes no signals.
template <parking_lot Lot>
void serve_shared() {
  const blocked_signals while_it_starts;
  const basic_thread<Lot> server({.name = std::string(timer_thread_name), .daemon = true},
                                 [] { shared<Lot>.value.serve(block_signals, serve_shared<Lot>); });
}

template <parking_lot Lot>
void serve_alone(timer_task<Lot>& one) {
  const blocked_signals while_it_starts;
  const basic_thread<Lot> server({.name = one.own()->name, .daemon = true}, [held = timer_task_holder(one)] {
    timer_task<Lot>& its = *held;
    its.own()->service.serve(block_signals, [&its] { serve_alone<Lot>(its); });
  });
}

}  // namespace

template <parking_lot Lot>
void timer_services<Lot>::give_own(timer_task<Lot>& one, std::string&& name) {
  if (name.empty()) name = timer_thread_name;
  one.give_own(std::make_unique<own_timer_service<Lot>>(std::move(name)));
}

template <parking_lot Lot>
bool timer_services<Lot>::start(timer_task<Lot>& one, deadline when) {
  if (one.own() == nullptr) return shared<Lot>.value.start(one, when, serve_shared<Lot>);
  return one.own()->service.start(one, when, [&one] { serve_alone(one); });
}

template <parking_lot Lot>
bool timer_services<Lot>::cancel(timer_task<Lot>& one) noexcept {
  return service_of(one).cancel(one);
}

template <parking_lot Lot>
void timer_services<Lot>::close(timer_task<Lot>& one) noexcept {
  timer_service<Lot>& service = service_of(one);
  const bool runs = service.close(one), within = runs && service.is_served_here();
  // NOLINTBEGIN(clang-analyzer-cplusplus.NewDelete): the caller holds it
  if (runs && !within) one.over().wait();
  if (!within) one.drop();
  if (one.own() != nullptr) service.leave_when_empty();
  // NOLINTEND(clang-analyzer-cplusplus.NewDelete)
}

template <parking_lot Lot>
void timer_services<Lot>::detach(timer_task<Lot>& one) noexcept {
  service_of(one).leave_when_empty();
}

}  // namespace detail

#define PARK_DEFINE_TIMER(lot)                 \
  template struct detail::timer_services<lot>; \
  template class basic_timer<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_TIMER)

}  // namespace park
