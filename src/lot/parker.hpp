// A parker: what one thread sleeps on in the hashed lot.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "park/deadline.hpp"
#include "park/detail/lot_atomic.hpp"
#include "park/hashed_lot.hpp"

namespace park::detail {

// Lent by the pool to one thread for one call of park, and in its address's queue from push to either remove, by the thread itself
// after a timeout, or take, by an unpark, which then owes it exactly one wake.
//
// Never destroyed: so wake can notify when it holds no lock, though the sleeper may see `awake_` and be gone by then. Whom the pool has
// lent the parker to in the meantime is notified for no reason, and looks at `awake_` again.
class alignas(64) parker {
 public:
  explicit parker(std::uint32_t its_number) noexcept : number(its_number) {}

  // By the sleeper, before anyone else knows of it.
  void prepare(hashed_lot::address where_to) noexcept {
    where = where_to;
    next = nullptr;
    awake_ = false;
  }

  void wait() {
    std::unique_lock lock(mutex_);
    wakeup_.wait(lock, [this] { return awake_; });
  }

  // False when the time has come and no wake has.
  bool wait_until(deadline until) {
    if (until.is_never()) return wait(), true;
    return until.which() == deadline::clock::steady ? wait_until_on<std::chrono::steady_clock>(until.since_epoch())
                                                    : wait_until_on<std::chrono::system_clock>(until.since_epoch());
  }

  void wake() {
    {
      const std::lock_guard lock(mutex_);
      awake_ = true;
    }
    wakeup_.notify_one();
  }

  hashed_lot::address where{};  // guarded by the queue
  parker* next = nullptr;       // guarded by the queue; then by the unpark that took it

  const std::uint32_t number;                // the pool's
  lot_atomic<std::uint32_t> next_unused{0};  // the pool's

 private:
  template <class Clock>
  bool wait_until_on(std::chrono::nanoseconds since_epoch) {
    using time_point = std::chrono::time_point<Clock>;
    const time_point time(std::chrono::ceil<typename Clock::duration>(since_epoch));
    std::unique_lock lock(mutex_);
    return wakeup_.wait_until(lock, time, [this] { return awake_; });
  }

  std::mutex mutex_;
  std::condition_variable wakeup_;
  bool awake_ = false;  // guarded by mutex_ from push on
};

}  // namespace park::detail
