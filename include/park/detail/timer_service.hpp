// What runs timers: a heap of those that are pending, and the one thread that runs each when its time has come. The
// shared one of the process runs all but those that have one of their own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/deferred_call.hpp"
#include "park/detail/this_thread.hpp"
#include "park/detail/timer_heap.hpp"
#include "park/detail/timer_task.hpp"
#include "park/lot.hpp"
#include "park/mutex.hpp"

namespace park::detail {

// What the system shows of the threads of timers, where the timer does not say.
inline constexpr std::string_view timer_thread_name = "park-timer";

// The clock counts from the epoch of the steady clock; tests have one of their own.
template <parking_lot Lot, class Clock = std::chrono::steady_clock>
class timer_service {
 public:
  using task = timer_task<Lot>;

  // `name`: of the thread, for who reads what a callable has thrown.
  constexpr explicit timer_service(std::string_view name = timer_thread_name) noexcept : name_(name) {}
  timer_service(const timer_service&) = delete;
  timer_service& operator=(const timer_service&) = delete;
  // Nobody uses it any more. That of the process is never destroyed.
  ~timer_service() {
    while (!pending_.empty()) cancel(static_cast<task&>(pending_.first()));
  }

  // `one` is due at `when` from now on, and no more when it was before. True where it was pending: the run that it then
  // had before it will not be. No effect where it is closed. The first start, and any after the thread is gone, calls
  // `begin_to_serve`, which must have a thread call serve(). What that throws, or std::bad_alloc, leaves nothing
  // changed.
  template <class Begin>
  bool start(task& one, deadline when, Begin begin_to_serve) {
    const auto where = Lot::whole(bell_);
    const std::int64_t time = when.since_epoch().count();
    bool was_pending = false, wake = false;
    {
      const std::lock_guard<basic_mutex<Lot>> lock(access_);
      if (one.closed_) return false;
      if (!served_) {
        begin_to_serve();
        served_ = true;
      }
      was_pending = timer_heap::holds(one);
      if (was_pending) pending_.remove(one);  // which leaves room for the next
      pending_.push(one, time);
      if (!was_pending) {
        one.hold();
        one.over_.clear();
        one.pending_.store(1, std::memory_order_relaxed);  // relaxed: publishes nothing
      }
      wake = must_look_at(time);
    }
    if (wake) Lot::unpark(where, 1);
    return was_pending;
  }

  // True where `one` was pending: it is not any more. A run that is under way goes on.
  bool cancel(task& one) noexcept {
    if (!one.is_here()) return false;
    {
      const std::lock_guard<basic_mutex<Lot>> lock(access_);
      if (!timer_heap::holds(one)) return false;
      take_out(one);
    }
    one.release();
    return true;
  }

  // Cancels `one`, which can be started no more. True where a run is under way, whose end is when `one` is over.
  bool close(task& one) noexcept {
    bool was_pending = false, running = false;
    {
      const std::lock_guard<basic_mutex<Lot>> lock(access_);
      one.closed_ = true;
      was_pending = timer_heap::holds(one);
      if (was_pending) take_out(one);
      running = one.running_;
    }
    if (was_pending) one.release();
    return running;
  }

  // In the thread of the service. Returns where it has been told to leave; else only the unwinding of pthread_exit()
  // and its like in a callable ends it, after which `begin_to_serve`, as of start(), has another thread take its place
  // if anything is pending. Calls `after_run` after each run.
  template <class AfterRun, class Begin>
  void serve(AfterRun after_run, Begin begin_to_serve) {
    const serving<Begin> here(*this, begin_to_serve);
    do {
      while (run_next()) after_run();
    } while (rest());
  }

  // serve() returns once nothing is pending.
  void leave_when_empty() noexcept {
    const auto where = Lot::whole(bell_);
    bool wake = false;
    {
      const std::lock_guard<basic_mutex<Lot>> lock(access_);
      leaving_ = true;
      wake = must_look_at(at_once);
    }
    if (wake) Lot::unpark(where, 1);
  }

  // Whether it is this thread that serves.
  bool is_served_here() const noexcept {
    // relaxed: no other thread ever writes this one's mark
    return server_.load(std::memory_order_relaxed) == this_thread<Lot>::mark();
  }

  // What serve() is made of. Runs the first if its time has come; else false.
  bool run_next() {
    task* const due = take_due();
    if (due == nullptr) return false;
    const ending end{*this, *due};
    run_and_report(*due, name_);
    return true;
  }

  // Sleeps until the first is due, or one that is due before it has come. False, at once, where it is time to leave.
  bool rest() noexcept {
    std::uint32_t heard = 0;
    std::int64_t until = end_of_time;
    {
      const std::lock_guard<basic_mutex<Lot>> lock(access_);
      if (leaving_ && pending_.empty()) return false;
      if (!pending_.empty()) until = pending_.first_time();
      sleeps_until_ = until;
      heard = bell_.load(std::memory_order_relaxed);  // relaxed: only changed under access_
    }
    using time_point = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;
    static_cast<void>(Lot::park(Lot::whole(bell_), heard, deadline::at(time_point(std::chrono::nanoseconds(until)))));
    return true;
  }

  std::size_t size() noexcept {
    const std::lock_guard<basic_mutex<Lot>> lock(access_);
    return pending_.size();
  }

 private:
  // The state, all of it but the last guarded by access_; that of each task: timer_task.hpp.
  //
  //   pending_       The tasks that have a run to come, by when it is due. The service holds each.
  //   served_        There is a thread in serve(), or about to be.
  //   leaving_       It is to leave once pending_ is empty.
  //   sleeps_until_  When that thread looks for due tasks at the latest: `awake` while it will before it sleeps.
  //   bell_          What it sleeps on. Written under access_, by who finds the thread to look too late.
  //   server_        The mark of that thread.
  //
  // Why none is run late for a lost wake: the thread reads bell_ in the step in which it says how long it will sleep. A
  // start() of an earlier time comes after that step, and changes bell_, so that park() does not sleep, or is woken by
  // the unpark that follows; or before it, and then the first time in the heap is no later. A start() of a later time,
  // and a cancel(), need not wake: the thread sleeps no longer than it should. leave_when_empty() is an earlier time
  // than any.
  //
  // Why no run is lost or doubled: a task has one place in the heap at most, and each step under access_ takes it out
  // for one reason: a run that begins, which nobody prevents any more; or a cancel() or a start(), which says that it
  // was pending. A task that runs and is started meanwhile is put back, and the one thread takes it again after that
  // run.
  //
  // over_ is set under access_ although that may wake its waiters: were it later, a start() could come between, and be
  // over before it ran.
  static constexpr std::int64_t end_of_time = (std::numeric_limits<std::int64_t>::max)();
  static constexpr std::int64_t awake = (std::numeric_limits<std::int64_t>::min)(), at_once = awake + 1;

  template <class Begin>
  struct serving {
    serving(timer_service& its, Begin& begin) noexcept : service(its), begin_to_serve(begin) {
      service.server_.store(this_thread<Lot>::mark(), std::memory_order_relaxed);  // relaxed: see is_served_here()
    }
    serving(const serving&) = delete;
    serving& operator=(const serving&) = delete;
    ~serving() {
      service.server_.store(0, std::memory_order_relaxed);
      const std::lock_guard<basic_mutex<Lot>> lock(service.access_);
      service.served_ = !service.pending_.empty() && begins_again();
    }

    // False where no thread can be had: what is pending waits for the next start().
    bool begins_again() noexcept {
#if PARK_HAS_EXCEPTIONS
      try {
        begin_to_serve();
      } catch (...) {
        return false;
      }
#else
      begin_to_serve();
#endif
      return true;
    }

    timer_service& service;
    Begin& begin_to_serve;
  };

  struct ending {
    timer_service& service;
    task& one;
    ~ending() { service.end_run(one); }
  };

  // True where its thread, which would have looked later, must be woken for it.
  bool must_look_at(std::int64_t time) noexcept {
    if (time >= sleeps_until_) return false;
    sleeps_until_ = time;  // nobody need ring for what is due later
    // relaxed: access_ orders it before the next load, and park() compares
    bell_.store(bell_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return true;
  }

  // Out of the heap, which has held it; its holder is the caller now.
  void take_out(task& one) noexcept {
    pending_.remove(one);
    one.pending_.store(0, std::memory_order_relaxed);  // relaxed: publishes nothing
    if (!one.running_) one.over_.set();
  }

  task* take_due() noexcept {
    const std::lock_guard<basic_mutex<Lot>> lock(access_);
    sleeps_until_ = awake;
    if (pending_.empty()) return nullptr;
    const std::chrono::nanoseconds now = Clock::now().time_since_epoch();
    if (pending_.first_time() > now.count()) return nullptr;
    auto& due = static_cast<task&>(pending_.first());
    due.running_ = true;
    if (due.period_ > 0) {
      put_off(due, now.count());
    } else {
      due.closed_ = due.once_;
      take_out(due);
    }
    return &due;
  }

  // To the next of its due times that is to come. Those that have gone by since the first of them are skipped.
  void put_off(task& one, std::int64_t now) noexcept {
    const std::int64_t due = pending_.first_time(), gone_by = (now - due) / one.period_;
    const std::int64_t last = due + gone_by * one.period_;
    one.skipped_ = static_cast<std::uint64_t>(gone_by);
    pending_.remove(one);
    pending_.push(one, last > end_of_time - one.period_ ? end_of_time : last + one.period_);
    one.hold();  // the run does
  }

  void end_run(task& one) noexcept {
    if (!one.is_here()) return;  // the callable has forked, and this is the child
    {
      const std::lock_guard<basic_mutex<Lot>> lock(access_);
      one.running_ = false;
      if (!timer_heap::holds(one)) one.over_.set();
    }
    one.release();
  }

  basic_mutex<Lot> access_;
  bool served_ = false, leaving_ = false;
  std::int64_t sleeps_until_ = awake;
  timer_heap pending_;
  typename Lot::template atomic<std::uint32_t> bell_{0};
  typename Lot::template atomic<std::uint64_t> server_{0};
  const std::string_view name_;
};

// Of one timer alone. Its thread holds the task, which owns this.
template <parking_lot Lot>
struct own_timer_service {
  explicit own_timer_service(std::string&& its) : name(std::move(its)), service(name) {}

  const std::string name;
  timer_service<Lot> service;
};

}  // namespace park::detail
