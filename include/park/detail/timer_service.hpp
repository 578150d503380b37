// What runs timers: a heap of those that are pending, and the one thread that runs each when its time has come.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <mutex>
#include <utility>

#include "park/deadline.hpp"
#include "park/detail/deferred_call.hpp"
#include "park/detail/forks.hpp"
#include "park/detail/shared_count.hpp"
#include "park/detail/this_thread.hpp"
#include "park/detail/timer_heap.hpp"
#include "park/latch.hpp"
#include "park/lot.hpp"
#include "park/mutex.hpp"

namespace park::detail {

// What a timer's object and the service share.
template <parking_lot Lot>
class timer_task : public work, public timer_heap::member {
 public:
  timer_task(const timer_task&) = delete;
  timer_task& operator=(const timer_task&) = delete;

  void hold() noexcept { holders_.hold(); }
  void release() noexcept {
    if (holders_.release()) delete this;
  }

  // Open once it has run, or has been cancelled, and its callable is gone.
  const basic_latch<Lot>& over() const noexcept { return over_; }

  // False in the child of a fork, for a timer of the parent.
  bool is_here() const noexcept { return forks_ == forks(); }

  bool is_pending() const noexcept {
    return is_here() && pending_.load(std::memory_order_relaxed) != 0;  // relaxed: publishes nothing
  }

  // Destroys the callable.
  virtual void drop() noexcept = 0;

 protected:
  timer_task() noexcept = default;
  virtual ~timer_task() = default;

 private:
  template <parking_lot, class>
  friend class timer_service;

  void end() noexcept {
    over_.count_down();
    release();
  }

  const std::uint32_t forks_ = forks();  // those before it was made
  shared_count<Lot> holders_{};
  typename Lot::template atomic<std::uint32_t> pending_{0};
  basic_latch<Lot> over_{1};
};

// The clock counts from the epoch of the steady clock; tests have one of their own.
template <parking_lot Lot, class Clock = std::chrono::steady_clock>
class timer_service {
 public:
  using task = timer_task<Lot>;

  static constexpr const char* name = "park-timer";

  constexpr timer_service() noexcept = default;
  timer_service(const timer_service&) = delete;
  timer_service& operator=(const timer_service&) = delete;
  // Nobody uses it any more. That of the process is never destroyed.
  ~timer_service() {
    while (!pending_.empty()) cancel(static_cast<task&>(pending_.first()));
  }

  // `one`, which has not been here before, is pending from now on. The first start, and any after the thread is gone, calls
  // `begin_to_serve`, which must have a thread call serve(). What that throws, or std::bad_alloc, leaves nothing changed.
  template <class Begin>
  void start(task& one, deadline when, Begin begin_to_serve) {
    const auto where = Lot::whole(bell_);
    const std::int64_t time = when.since_epoch().count();
    bool ring = false;
    {
      const std::lock_guard lock(access_);
      if (!served_) {
        begin_to_serve();
        served_ = true;
      }
      pending_.push(one, time);
      one.pending_.store(1, std::memory_order_relaxed);  // relaxed: publishes nothing
      one.hold();
      if (time < sleeps_until_) {
        ring = true;
        sleeps_until_ = time;  // nobody need ring for what is due later
        // relaxed: access_ orders it before the next load, and park() compares
        bell_.store(bell_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      }
    }
    if (ring) Lot::unpark(where, 1);
  }

  // True where `one` was pending: it is not any more, and its callable is gone.
  bool cancel(task& one) noexcept {
    if (!one.is_here()) return false;
    {
      const std::lock_guard lock(access_);
      if (!timer_heap::holds(one)) return false;
      take(one);
    }
    one.drop();
    one.end();
    return true;
  }

  // In the thread of the service, which never returns; only the unwinding of pthread_exit() and its like in a callable ends it.
  void serve() {
    const serving here(*this);
    for (;;) {
      while (run_next()) {
      }
      rest();
    }
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
    const ending end{*due};
    run_and_report(*due, name);
    return true;
  }

  // Sleeps until the first is due, or one that is due before it has come.
  void rest() noexcept {
    std::uint32_t heard = 0;
    std::int64_t until = end_of_time;
    {
      const std::lock_guard lock(access_);
      if (!pending_.empty()) until = pending_.first_time();
      sleeps_until_ = until;
      heard = bell_.load(std::memory_order_relaxed);  // relaxed: only changed under access_
    }
    using time_point = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;
    static_cast<void>(Lot::park(Lot::whole(bell_), heard, deadline::at(time_point(std::chrono::nanoseconds(until)))));
  }

  std::size_t size() noexcept {
    const std::lock_guard lock(access_);
    return pending_.size();
  }

 private:
  // The state, all of it but the last guarded by access_.
  //
  //   pending_       The tasks that have been started, neither taken to run nor cancelled. The service holds each.
  //   served_        There is a thread in serve(), or about to be.
  //   sleeps_until_  When that thread looks for due tasks at the latest: `awake` while it will before it sleeps.
  //   bell_          What it sleeps on. Written under access_, by a start() that finds the thread to look too late.
  //   server_        The mark of that thread.
  //
  // Why none is run late for a lost wake: the thread reads bell_ in the step in which it says how long it will sleep. A start() of an
  // earlier time comes after that step, and changes bell_, so that park() does not sleep, or is woken by the unpark that follows; or
  // before it, and then the first time in the heap is no later. A start() of a later time, and a cancel(), need not wake: the thread
  // sleeps no longer than it should.
  static constexpr std::int64_t end_of_time = (std::numeric_limits<std::int64_t>::max)();
  static constexpr std::int64_t awake = (std::numeric_limits<std::int64_t>::min)();

  struct serving {
    explicit serving(timer_service& its) noexcept : service(its) {
      service.server_.store(this_thread<Lot>::mark(), std::memory_order_relaxed);  // relaxed: see is_served_here()
    }
    serving(const serving&) = delete;
    serving& operator=(const serving&) = delete;
    ~serving() {
      service.server_.store(0, std::memory_order_relaxed);
      const std::lock_guard lock(service.access_);
      service.served_ = false;
    }

    timer_service& service;
  };

  struct ending {
    task& one;
    ~ending() { one.end(); }
  };

  void take(task& one) noexcept {
    pending_.remove(one);
    one.pending_.store(0, std::memory_order_relaxed);
  }

  task* take_due() noexcept {
    const std::lock_guard lock(access_);
    sleeps_until_ = awake;
    if (pending_.empty()) return nullptr;
    const std::chrono::nanoseconds now = Clock::now().time_since_epoch();
    if (pending_.first_time() > now.count()) return nullptr;
    auto& due = static_cast<task&>(pending_.first());
    take(due);
    return &due;
  }

  basic_mutex<Lot> access_;
  bool served_ = false;
  std::int64_t sleeps_until_ = awake;
  timer_heap pending_;
  typename Lot::template atomic<std::uint32_t> bell_{0};
  typename Lot::template atomic<std::uint64_t> server_{0};
};

}  // namespace park::detail
