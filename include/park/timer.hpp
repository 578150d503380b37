// park::timer: calls a function once, after some time, unless it is cancelled before.
//
//   park::timer reminder(2s, [] { std::puts("hi"); });
//   ...
//   if (reminder.cancel()) std::puts("never mind");
//
// Model: threading.Timer of Python; but all timers of a process share one thread, and the destructor's rule is ours.
// Time: it never runs before `delay` has passed on the steady clock; zero and less run as soon as can be, and what is too long to come never
//   runs. Those that are due run one after another, by time and then in the order of their starts, on the service's thread, "park-timer": one
//   that takes long delays the others. That thread is a daemon, started with the first timer.
// Cancelling: cancel() is true for the one call that has prevented the run, and then the callable is gone. It does not wait for one that runs.
// Destruction: cancels, and where it is too late for that waits for the end of the run, so that the callable may refer to what lives longer
//   than its timer; not where the callable itself destroys it. Who wants a timer that nobody holds detaches it. Python's runs on
//   instead, which there keeps alive what it refers to. One must not destroy it holding what the callable waits for.
// The callable may start and cancel timers, and destroy them, its own too, but not wait for its own. It is destroyed after its run, on the
//   service's thread.
// Exceptions: one that leaves the callable is reported as that of a thread is, with the service's name; the others run all the same.
// Exit: pending timers do not hold up the end of the process, and do not run after it. Until then they run, while static objects are
//   destroyed too: a timer whose callable uses such should be destroyed before them.
// Ordering: the start synchronizes with the run, which synchronizes with each wait that it ends, and with the destructor.
// Lifetime: a timer may be destroyed or moved while it runs, not while another call on it does, other than cancel(), pending() and waits.
// Cancellation: no wait is a cancellation point of pthread_cancel.
// Fork: in the child the timers of the parent are taken for cancelled; it may start its own.
// Cost: 8 bytes, and one allocation, which ends with it or with its callable. Starting and cancelling lock the one mutex of the service, for as
//   long as the heap takes, by the logarithm of the number pending; a futex call only where the new timer is due before all others.
#pragma once

#include <chrono>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/deferred_call.hpp"
#include "park/detail/timer_service.hpp"
#include "park/native_lot.hpp"
#include "park/stop.hpp"

namespace park {

namespace detail {

template <parking_lot Lot, class Function, class... Arguments>
class timer_task_of final : public timer_task<Lot> {
 public:
  template <class F, class... As>
  explicit timer_task_of(std::in_place_t, F&& function, As&&... arguments)
      : call_(std::in_place, std::forward<F>(function), std::forward<As>(arguments)...) {}
  ~timer_task_of() override = default;

 private:
  void run() override { call_.run(); }
  void drop() noexcept override { call_.drop(); }

  deferred_call<Function, Arguments...> call_;
};

// The service of the process.
template <parking_lot Lot>
struct shared_timers {
  static void start(timer_task<Lot>& one, deadline when);
  static bool cancel(timer_task<Lot>& one) noexcept;
  static bool is_served_here() noexcept;
};

}  // namespace detail

template <parking_lot Lot>
class basic_timer {
 public:
  // No timer.
  basic_timer() noexcept = default;

  // Calls function(arguments...), decayed copies as std::thread makes them, once `delay` has passed. Throws what the copies throw,
  // std::bad_alloc, and the first time std::system_error where no thread can be had; nothing is pending then.
  template <class Rep, class Period, class F, class... As>
    requires std::is_invocable_v<std::decay_t<F>, std::decay_t<As>...>
  [[nodiscard]] explicit basic_timer(const std::chrono::duration<Rep, Period>& delay, F&& function, As&&... arguments) {
    using task_type = detail::timer_task_of<Lot, std::decay_t<F>, std::decay_t<As>...>;
    const deadline when = deadline::after(delay);
    const holder made(new task_type(std::in_place, std::forward<F>(function), std::forward<As>(arguments)...));
    detail::shared_timers<Lot>::start(*made.task, when);
    made.task->hold();
    task_ = made.task;
  }

  basic_timer(const basic_timer&) = delete;
  basic_timer& operator=(const basic_timer&) = delete;
  basic_timer(basic_timer&& other) noexcept { swap(other); }
  // What this stood for ends as by the destructor.
  basic_timer& operator=(basic_timer&& other) noexcept {
    basic_timer(std::move(other)).swap(*this);
    return *this;
  }

  ~basic_timer() {
    if (task_ == nullptr) return;
    if (!cancel() && task_->is_here() && !detail::shared_timers<Lot>::is_served_here()) task_->over().wait();
    task_->release();
  }

  void swap(basic_timer& other) noexcept { std::swap(task_, other.task_); }
  friend void swap(basic_timer& one, basic_timer& other) noexcept { one.swap(other); }

  // True where this call has prevented the run; false where it has begun, or is over, or was prevented before, or there is no timer.
  bool cancel() noexcept { return task_ != nullptr && detail::shared_timers<Lot>::cancel(*task_); }

  // It has neither begun to run nor been cancelled.
  [[nodiscard]] bool pending() const noexcept { return task_ != nullptr && task_->is_pending(); }

  // It runs when its time has come, whatever becomes of this object, which stands for no timer from now on.
  void detach() noexcept {
    if (task_ != nullptr) std::exchange(task_, nullptr)->release();
  }

  // Waits until it has run or has been cancelled.
  void wait() const noexcept {
    if (is_to_be_waited_for()) task_->over().wait();
  }

  // True when it has run or has been cancelled, false on timeout. Zero or less does not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return !is_to_be_waited_for() || task_->over().wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return !is_to_be_waited_for() || task_->over().wait_until(time);
  }

  // As their namesakes, and false once a stop is requested of `stop`.
  template <stoppable_token Token>
  [[nodiscard]] bool wait(Token stop) const {
    return !is_to_be_waited_for() || task_->over().wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool wait_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) const {
    return !is_to_be_waited_for() || task_->over().wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool wait_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) const {
    return !is_to_be_waited_for() || task_->over().wait_until(std::move(stop), time);
  }

 private:
  // Of a task, for the time that it takes to start.
  struct holder {
    explicit holder(detail::timer_task<Lot>* held) noexcept : task(held) {}
    holder(const holder&) = delete;
    holder& operator=(const holder&) = delete;
    ~holder() { task->release(); }

    detail::timer_task<Lot>* const task;
  };

  bool is_to_be_waited_for() const noexcept { return task_ != nullptr && task_->is_here(); }

  detail::timer_task<Lot>* task_ = nullptr;
};

#define PARK_DECLARE_TIMER(lot)                               \
  extern template struct PARK_API detail::shared_timers<lot>; \
  extern template class PARK_API basic_timer<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_TIMER)
#undef PARK_DECLARE_TIMER

// A class of its own, as park::thread is.
class timer : public basic_timer<native_lot> {
 public:
  using basic_timer<native_lot>::basic_timer;
};

}  // namespace park
