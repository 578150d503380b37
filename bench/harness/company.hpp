// company: a second thread, asleep for as long as it lives.
//
// In a process of one thread libc's mutex, and what is made of it, leaves out its atomic operations. Nobody synchronizes
// in such a process: measured in it, that code would look twice as fast as it is where it is used.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace bench {

class company {
 public:
  company() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return there_; });
  }

  ~company() {
    {
      const std::lock_guard lock(mutex_);
      leaves_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  company(const company&) = delete;
  company& operator=(const company&) = delete;

 private:
  void stay() {
    std::unique_lock lock(mutex_);
    there_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return leaves_; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool there_ = false, leaves_ = false;
  std::thread thread_{[this] { stay(); }};
};

}  // namespace bench
