// A thread whose call is expected to block, and a look at whether it does: without waiting for any length of time.
#pragma once

#include <atomic>
#include <thread>
#include <utility>

#include "support/asleep.hpp"

namespace conformance {

class sleeper {
 public:
  template <class Call>
  explicit sleeper(Call call)
      : thread_([this, call = std::move(call)]() mutable {
          self_ = support::this_thread();
          call();
          returned_ = true;
        }) {}
  sleeper(const sleeper&) = delete;
  sleeper& operator=(const sleeper&) = delete;
  ~sleeper() { thread_.join(); }

  // True once the operating system has the thread sleep in the call, or, where it does not tell, has had it in the call for a while;
  // false if the call has returned.
  bool blocks() const {
    for (int looks = 0; !returned_;) {
      if (self_ != support::no_thread && (support::asleep(self_) || looks++ == unknown_looks_)) return !returned_;
      std::this_thread::yield();
    }
    return false;
  }

 private:
  const int unknown_looks_ = support::sleep_is_known() ? -1 : 1000;
  std::atomic<support::thread_id> self_{support::no_thread};
  std::atomic<bool> returned_{false};
  std::thread thread_;
};

}  // namespace conformance
