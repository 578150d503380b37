// park::timer: calls a function once, after some time, unless it is cancelled before, and again where it is restarted; park::every: calls one
// again and again.
//
//   park::timer reminder(2s, [] { std::puts("hi"); });
//   ...
//   if (reminder.cancel()) std::puts("never mind");
//
//   const park::timer beat = park::every(1s, [](std::uint64_t skipped) { send_heartbeat(skipped); });
//
// Model: threading.Timer of Python, restart() after Timer.Reset of Go, every() after scheduleAtFixedRate of Java and the interval of tokio that
//   skips; but all timers of a process share one thread, and the destructor's rule is ours.
// Time: it never runs before `delay` has passed on the steady clock; zero and less run as soon as can be, and what is too long to come never
//   runs. Those that are due run one after another, by time and then in the order of their starts, on the service's thread, "park-timer": one
//   that takes long delays the others, and so belongs on a thread of its own: see timer_options. Both threads are daemons.
// Cancelling: cancel() is true for the one call that has prevented a run. It does not wait for one that is under way.
// Restarting: restart(delay) is as if it were cancelled and started anew, in one step: no run gets lost, none is doubled. It may be
//   called at any time, by the callable too: one that is pending runs then instead, one that runs does so once more after that run, and one
//   that has run, or was cancelled, does so again. But a callable that can be called only once, since it is called as an rvalue or takes an
//   argument so, as a std::unique_ptr by value, has its one run.
// Repeating: by every(period, ...), the nth run is due at the start + n * period: a late run makes none after it late. Where a run takes so
//   long, or is so late, that more than one is due, there is one run for all of these, which is told how many others were skipped. An
//   exception does not end it. restart(delay): the next is due then, and those after it by the period from there.
// Destruction: cancels, and waits for the end of a run that is under way, so that the callable may refer to what lives longer
//   than its timer; not where the callable itself destroys it. A restart() by the callable has no effect meanwhile. Who wants a timer that
//   nobody holds detaches it. Python's runs on instead, which there keeps alive what it refers to. One must not destroy it holding what
//   the callable waits for.
// The callable may start, restart and cancel timers, and destroy them, its own too, but not wait for its own. It lives as long as it can be
//   restarted: it is destroyed with its timer, and by its own thread where it has destroyed that, or was detached, after its last run.
// Exceptions: one that leaves the callable is reported as that of a thread is, with the service's name; the others run all the same.
// Signals: the threads of timers run with all signals blocked, so that none goes there that the program waits for, but for those that a fault
//   raises (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS): blocked, they would kill without their handler. A callable may unblock what it
//   wants; after the run it is blocked again. Threads and processes that a callable starts inherit what is blocked.
// Exit: pending timers do not hold up the end of the process, and do not run after it. Until then they run, while static objects are
//   destroyed too: a timer whose callable uses such should be destroyed before them.
// Ordering: each start synchronizes with the run, which synchronizes with each wait that it ends, with the next run and with the destructor.
// Lifetime: all but swap(), detach() and the assignments may be called by several threads at once. While any of these or of the waits
//   runs, a timer must be neither destroyed nor moved; while its callable runs it may be destroyed, whatever that calls.
// Cancellation: no wait is a cancellation point of pthread_cancel.
// Fork: in the child the timers of the parent are taken for cancelled; it may start its own.
// Cost: 8 bytes, and one allocation, which ends with it or with its callable. Starting and cancelling lock the one mutex of the service, for as
//   long as the heap takes, by the logarithm of the number pending; a futex call only where the new timer is due before all others. A run
//   makes one call of the system, for the signals. A thread of its own is a thread more, with its stack, for as long as the timer lives.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/deferred_call.hpp"
#include "park/detail/refuse_argument.hpp"
#include "park/detail/timer_service.hpp"
#include "park/detail/whole_nanoseconds.hpp"
#include "park/native_lot.hpp"
#include "park/stop.hpp"

namespace park {

// Of a new timer.
struct timer_options {
  // It runs on a thread that no other timer delays, nor is delayed by: for a callable that takes long. The thread is made with the timer and
  // ends soon after it; after its last run where it is detached.
  bool own_thread = false;
  // Of that thread, as that of park::thread_options; empty: "park-timer".
  std::string name = {};  // NOLINT(readability-redundant-member-init): else compilers warn of {.own_thread = true}
};

namespace detail {

// Can be called again with the same arguments.
template <class Function, class... Arguments>
concept runs_again = std::is_invocable_v<std::decay_t<Function>&, std::decay_t<Arguments>&...>;

// Without the count is tried first, as it may be that a callable of anything does not compile with it.
template <class Function, class... Arguments>
concept runs_periodically = runs_again<Function, Arguments...> ||
                            std::is_invocable_v<std::decay_t<Function>&, std::uint64_t, std::decay_t<Arguments>&...>;

template <parking_lot Lot, class Function, class... Arguments>
class timer_task_of final : public timer_task<Lot> {
 public:
  template <class F, class... As>
  explicit timer_task_of(std::in_place_t, F&& function, As&&... arguments)
      : timer_task<Lot>(0, once), call_(std::in_place, std::forward<F>(function), std::forward<As>(arguments)...) {}
  ~timer_task_of() override = default;

 private:
  static constexpr bool once = !runs_again<Function, Arguments...>;

  void run() override {
    if constexpr (once) {
      call_.run();
    } else {
      call_.repeat();
    }
  }
  void drop() noexcept override { call_.drop(); }

  deferred_call<Function, Arguments...> call_;
};

template <parking_lot Lot, class Function, class... Arguments>
class periodic_task_of final : public timer_task<Lot> {
 public:
  template <class F, class... As>
  explicit periodic_task_of(std::int64_t period, F&& function, As&&... arguments)
      : timer_task<Lot>(period), call_(std::in_place, std::forward<F>(function), std::forward<As>(arguments)...) {}

  ~periodic_task_of() override = default;

 private:
  void run() override {
    if constexpr (runs_again<Function, Arguments...>) {
      call_.repeat();
    } else {
      call_.repeat(this->skipped());
    }
  }
  void drop() noexcept override { call_.drop(); }

  deferred_call<Function, Arguments...> call_;
};

// The services of the process: the one that most timers share, and those of single ones.
template <parking_lot Lot>
struct timer_services {
  // As start() and cancel() of the task's service. The first start after this call is on a thread of its own.
  static void give_own(timer_task<Lot>& one, std::string&& name);
  static bool start(timer_task<Lot>& one, deadline when);
  static bool cancel(timer_task<Lot>& one) noexcept;
  // The object lets go: it runs no more after this, and the callable is gone, but for where it is the callable that calls this.
  static void close(timer_task<Lot>& one) noexcept;
  // The object lets go, and it runs all the same.
  static void detach(timer_task<Lot>& one) noexcept;
};

// Marks the constructor that every() calls.
struct periodic {
  std::int64_t nanoseconds;
};

}  // namespace detail

template <parking_lot Lot>
class basic_timer {
 public:
  // No timer.
  basic_timer() noexcept = default;

  // Calls function(arguments...), decayed copies as std::thread makes them, once `delay` has passed. Throws what the copies throw,
  // std::bad_alloc, and std::system_error where a thread is needed and cannot be had; nothing is pending then.
  template <class Rep, class Period, class F, class... As>
    requires std::is_invocable_v<std::decay_t<F>, std::decay_t<As>...>
  [[nodiscard]] explicit basic_timer(const std::chrono::duration<Rep, Period>& delay, F&& function, As&&... arguments)
      : basic_timer(make_task<F, As...>(std::forward<F>(function), std::forward<As>(arguments)...)) {
    start(delay);
  }

  template <class Rep, class Period, class F, class... As>
    requires std::is_invocable_v<std::decay_t<F>, std::decay_t<As>...>
  [[nodiscard]] explicit basic_timer(timer_options options, const std::chrono::duration<Rep, Period>& delay,
                                     F&& function, As&&... arguments)
      : basic_timer(make_task<F, As...>(std::forward<F>(function), std::forward<As>(arguments)...)) {
    place(std::move(options));
    start(delay);
  }

  // See every().
  template <class F, class... As>
    requires detail::runs_periodically<F, As...>
  [[nodiscard]] explicit basic_timer(detail::periodic period, timer_options options, F&& function, As&&... arguments)
      : basic_timer(new detail::periodic_task_of<Lot, std::decay_t<F>, std::decay_t<As>...>(
            period.nanoseconds, std::forward<F>(function), std::forward<As>(arguments)...)) {
    place(std::move(options));
    start(std::chrono::nanoseconds(period.nanoseconds));
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
    if (task_ == nullptr || task_->release_if_only_one()) return;
    if (task_->is_here()) detail::timer_services<Lot>::close(*task_);
    task_->release();
  }

  void swap(basic_timer& other) noexcept { std::swap(task_, other.task_); }
  friend void swap(basic_timer& one, basic_timer& other) noexcept { one.swap(other); }

  // True where this call has prevented a run; false where it has begun, or is over, or was prevented before, or there is no timer.
  bool cancel() noexcept { return task_ != nullptr && detail::timer_services<Lot>::cancel(*task_); }

  // It runs once `delay` has passed from now, whether or not it has run before; see "Restarting". True where that is instead of a run that
  // was pending; false where it is one more, as cancel() would have been, or where nothing can run. Throws as the constructor; then
  // nothing has changed.
  template <class Rep, class Period>
  bool restart(const std::chrono::duration<Rep, Period>& delay) {
    return task_ != nullptr && task_->is_here() && start(delay);
  }

  // A run is to come, which neither has begun nor was prevented.
  [[nodiscard]] bool pending() const noexcept { return task_ != nullptr && task_->is_pending(); }

  // It runs when its time has come, whatever becomes of this object, which stands for no timer from now on.
  void detach() noexcept {
    if (task_ == nullptr) return;
    if (task_->own() != nullptr) detail::timer_services<Lot>::detach(*task_);
    std::exchange(task_, nullptr)->release();
  }

  // Waits until no run is to come, and none under way: it has run, or has been cancelled. One that repeats: until it has been cancelled.
  void wait() const noexcept {
    if (is_to_be_waited_for()) task_->over().wait();
  }

  // True when that is so, false on timeout. Zero or less does not wait.
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
  // It is this object's before its first start, so that the callable may use the object. What throws later ends it by the destructor.
  explicit basic_timer(detail::timer_task<Lot>* task) noexcept : task_(task) {}

  template <class F, class... As>
  static detail::timer_task<Lot>* make_task(F&& function, As&&... arguments) {
    return new detail::timer_task_of<Lot, std::decay_t<F>, std::decay_t<As>...>(
        std::in_place, std::forward<F>(function), std::forward<As>(arguments)...);
  }

  void place(timer_options&& options) {
    if (options.own_thread) detail::timer_services<Lot>::give_own(*task_, std::move(options.name));
  }

  template <class Rep, class Period>
  bool start(const std::chrono::duration<Rep, Period>& delay) {
    return detail::timer_services<Lot>::start(*task_, deadline::after(delay));
  }

  bool is_to_be_waited_for() const noexcept { return task_ != nullptr && task_->is_here(); }

  detail::timer_task<Lot>* task_ = nullptr;
};

#define PARK_DECLARE_TIMER(lot)                                \
  extern template struct PARK_API detail::timer_services<lot>; \
  extern template class PARK_API basic_timer<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_TIMER)
#undef PARK_DECLARE_TIMER

// A class of its own, as park::thread is.
class timer : public basic_timer<native_lot> {
 public:
  using basic_timer<native_lot>::basic_timer;
};

// A timer that calls function(arguments...), or function(skipped, arguments...) where it does not take these alone, each time that another
// `period` has passed, until it is cancelled; see "Repeating". `skipped`, a std::uint64_t, is how many runs would have been due, after the
// one before and until now, beside this one. The callable and the arguments are handed over as lvalues. Throws as the constructor of a timer,
// and std::invalid_argument where the period is zero, negative or not a number.
//
//   const park::timer own = park::every({.own_thread = true, .name = "flusher"}, 5s, flush);
template <class Timer = timer, class Rep, class Period, class F, class... As>
  requires detail::runs_periodically<F, As...>
[[nodiscard]] Timer every(timer_options options, const std::chrono::duration<Rep, Period>& period, F&& function,
                          As&&... arguments) {
  const std::int64_t nanoseconds = detail::whole_nanoseconds(period);
  if (nanoseconds == 0) detail::refuse_argument("every(period, function): the period is not above zero");
  return Timer(detail::periodic{nanoseconds}, std::move(options), std::forward<F>(function),
               std::forward<As>(arguments)...);
}

template <class Timer = timer, class Rep, class Period, class F, class... As>
  requires detail::runs_periodically<F, As...>
[[nodiscard]] Timer every(const std::chrono::duration<Rep, Period>& period, F&& function, As&&... arguments) {
  return every<Timer>(timer_options(), period, std::forward<F>(function), std::forward<As>(arguments)...);
}

}  // namespace park
