// What a timer's object, the service that runs it and a run share; it lives until the last of them has let go.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "park/detail/deferred_call.hpp"
#include "park/detail/forks.hpp"
#include "park/detail/shared_count.hpp"
#include "park/detail/timer_heap.hpp"
#include "park/event.hpp"
#include "park/lot.hpp"

namespace park::detail {

template <parking_lot Lot>
struct own_timer_service;  // timer_service.hpp

template <parking_lot Lot>
class timer_task : public work, public timer_heap::member {
 public:
  timer_task(const timer_task&) = delete;
  timer_task& operator=(const timer_task&) = delete;

  void hold() noexcept { holders_.hold(); }
  void release() noexcept {
    if (holders_.release()) delete this;
  }
  // release(), where nobody else holds it; else false.
  bool release_if_only_one() noexcept {
    if (!holders_.is_only_one()) return false;
    delete this;
    return true;
  }

  // Set while no run is under way or to come, from the end of the first one on.
  const basic_event<Lot>& over() const noexcept { return over_; }

  // False in the child of a fork, for a timer of the parent.
  bool is_here() const noexcept { return forks_ == forks(); }

  bool is_pending() const noexcept {
    return is_here() && pending_.load(std::memory_order_relaxed) != 0;  // relaxed: publishes nothing
  }

  // How many times it has been due, since the run before this one, beside the time that this run is for. Of the run under way.
  std::uint64_t skipped() const noexcept { return skipped_; }

  // Destroys the callable.
  virtual void drop() noexcept = 0;

  // The service that runs it alone, on a thread of its own; null where the shared one does.
  own_timer_service<Lot>* own() const noexcept { return own_.get(); }
  void give_own(std::unique_ptr<own_timer_service<Lot>> own) noexcept {
    own_ = std::move(own);
  }  // before its first start

 protected:
  // In nanoseconds, from one due time to the next; zero: it is due once for each start. `once`: the callable is gone after one run.
  explicit timer_task(std::int64_t period = 0, bool once = false) noexcept : period_(period), once_(once) {}
  virtual ~timer_task() = default;

 private:
  template <parking_lot, class>
  friend class timer_service;

  // The state, all of it but the first three guarded by the mutex of the service.
  //
  //   holders_   The object; the heap, for one that is pending; each run; and a thread of its own.
  //   over_      Set where the task is neither in the heap nor running_, but for one that has never been started: changed in the step that
  //              changes these, so that no wait takes a run before a restart for the end of the one after it.
  //   pending_   What timer_heap::holds() says, for who does not hold the mutex.
  //   running_   A run is under way. It may be in the heap then too: by its period, or started anew.
  //   closed_    No start has any effect any more: the object is going, or the callable is gone.
  //   skipped_   See skipped(). Written as a run is taken, so by the thread that runs it.
  shared_count<Lot> holders_{};
  basic_event<Lot> over_{};
  typename Lot::template atomic<std::uint32_t> pending_{0};
  bool running_ = false, closed_ = false;
  std::uint64_t skipped_ = 0;

  const std::int64_t period_;
  const std::uint32_t forks_ = forks();  // those before it was made
  const bool once_;
  std::unique_ptr<own_timer_service<Lot>> own_{};
};

// Holds a task.
template <parking_lot Lot>
class timer_task_holder {
 public:
  explicit timer_task_holder(timer_task<Lot>& task) noexcept : task_(&task) { task_->hold(); }
  timer_task_holder(const timer_task_holder&) = delete;
  timer_task_holder& operator=(const timer_task_holder&) = delete;
  timer_task_holder(timer_task_holder&& other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  ~timer_task_holder() {
    if (task_ != nullptr) task_->release();
  }

  timer_task<Lot>& operator*() const noexcept { return *task_; }

 private:
  timer_task<Lot>* task_;
};

}  // namespace park::detail
