// monitor_latch<Monitor>: a count under a mutex, and a condition at which all wait until it is zero.
#pragma once

#include <cstddef>

namespace bench {

template <class Monitor>
class monitor_latch {
 public:
  explicit monitor_latch(std::ptrdiff_t expected) : expected_(expected) {}

  void count_down() {
    monitor_.lock();
    if (--expected_ == 0) monitor_.notify_all();  // under the mutex: a waiter may destroy it as soon as it has that
    monitor_.unlock();
  }

  void wait() {
    monitor_.lock();
    while (expected_ > 0) monitor_.wait();
    monitor_.unlock();
  }

 private:
  Monitor monitor_;
  std::ptrdiff_t expected_;
};

}  // namespace bench
