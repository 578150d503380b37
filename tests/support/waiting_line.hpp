// Threads that wait on one condition variable, one after the other, for tests of who is notified.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "park/condition_variable.hpp"
#include "park/mutex.hpp"
#include "support/asleep.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"

namespace support {

// Threads that wait one after the other, and what each of them finds.
template <class Lot>
class waiting_line {
 public:
  // Starts a thread that waits by wait(lock); returns once it is in line.
  template <class Wait>
  void add(Wait wait) {
    const int before = in_line_;
    crew_.add([this, wait] {
      std::unique_lock hold(mutex);
      const int self = in_line_++;
      threads_.push_back(this_thread());
      wait(hold);
      EXPECT_TRUE(hold.owns_lock());
      over.push_back(self);
      ++over_;
    });
    eventually([&] {
      if (in_line_ == before) return false;
      const std::lock_guard hold(mutex);  // it lets go of this when it is in line
      return true;
    });
  }
  void add() {
    add([this](auto& hold) { changed.wait(hold); });
  }

  int size() const { return in_line_; }

  // Returns once all who are in line sleep, wherever.
  void until_asleep() {
    eventually([&] {
      const std::lock_guard hold(mutex);
      return std::all_of(threads_.begin(), threads_.end(), asleep);
    });
  }

  void until_over(int waits) {
    eventually([&] { return over_ >= waits; });
  }
  int waits_over() const { return over_; }

  park::basic_mutex<Lot> mutex;
  park::basic_condition_variable<Lot> changed;
  std::vector<int> over;  // in the order in which they ended; guarded by mutex

 private:
  std::atomic<int> in_line_{0}, over_{0};
  std::vector<thread_id> threads_;  // guarded by mutex
  crew crew_;
};

}  // namespace support
