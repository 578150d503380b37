// monitor_of<Mutex, Condition, Lock, Adopt>: a monitor of a mutex and a condition variable in the standard's form.
#pragma once

#include <mutex>

namespace bench {

template <class Mutex, class Condition, class Lock = std::unique_lock<Mutex>, class Adopt = std::adopt_lock_t>
class monitor_of {
 public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

  void wait() {
    Lock lock(mutex_, Adopt());
    changed_.wait(lock);
    lock.release();
  }

  void notify_one() { changed_.notify_one(); }
  void notify_all() { changed_.notify_all(); }

 private:
  Mutex mutex_;
  Condition changed_;
};

}  // namespace bench
