// monitor_semaphore<Monitor>: a count under a mutex and a condition to wait on, for libraries that have these two and no
// semaphore. Monitor: lock, unlock, wait (which unlocks meanwhile) and notify_one.
#pragma once

#include <cstddef>

namespace bench {

template <class Monitor>
class monitor_semaphore {
 public:
  explicit monitor_semaphore(std::ptrdiff_t permits) : permits_(permits) {}

  void acquire() {
    monitor_.lock();
    while (permits_ == 0) monitor_.wait();
    --permits_;
    monitor_.unlock();
  }

  bool try_acquire() {
    monitor_.lock();
    const bool acquired = permits_ > 0;
    if (acquired) --permits_;
    monitor_.unlock();
    return acquired;
  }

  void release() {
    monitor_.lock();
    ++permits_;
    monitor_.unlock();
    monitor_.notify_one();
  }

 private:
  Monitor monitor_;
  std::ptrdiff_t permits_;
};

}  // namespace bench
