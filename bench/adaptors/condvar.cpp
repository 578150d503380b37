#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "catalogue.hpp"

namespace {

// The thread that runs the textbook's timers: the nearest stands first in a map, and it waits until its time has come.
class timer_thread {
 public:
  using time = std::chrono::steady_clock::time_point;
  using entry = std::multimap<time, std::function<void()>>::iterator;

  static timer_thread& shared() {
    static timer_thread one;
    return one;
  }

  ~timer_thread() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  entry start(time when, std::function<void()> call) {
    const std::lock_guard lock(mutex_);
    const entry added = pending_.emplace(when, std::move(call));
    if (added == pending_.begin()) changed_.notify_one();
    return added;
  }

  // Guarded by this thread's mutex: whether the entry is still there.
  bool cancel(entry one, bool& pending) {
    const std::lock_guard lock(mutex_);
    if (pending) pending_.erase(one);
    return std::exchange(pending, false);
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    while (!over_) {
      if (pending_.empty()) {
        changed_.wait(lock);
      } else if (const time next = pending_.begin()->first; std::chrono::steady_clock::now() < next) {
        changed_.wait_until(lock, next);
      } else {
        const auto due = pending_.extract(pending_.begin());
        due.mapped()();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<time, std::function<void()>> pending_;
  bool over_ = false;
  std::thread thread_{[this] { serve(); }};
};

// The textbook's: a count under a mutex, and a condition variable to wait on.
struct condvar_adaptor {
  static constexpr const char* name = "condvar";
  static constexpr const char* title = "mutex + condition_variable";

  class semaphore {
   public:
    explicit semaphore(std::ptrdiff_t permits) : permits_(permits) {}

    void acquire() {
      std::unique_lock lock(mutex_);
      free_.wait(lock, [this] { return permits_ > 0; });
      --permits_;
    }

    bool try_acquire() {
      const std::lock_guard lock(mutex_);
      if (permits_ == 0) return false;
      --permits_;
      return true;
    }

    void release() {
      {
        const std::lock_guard lock(mutex_);
        ++permits_;
      }
      free_.notify_one();
    }

   protected:
    std::mutex mutex_;
    std::condition_variable free_;
    std::ptrdiff_t permits_;
  };

  class bounded_semaphore : public semaphore {
   public:
    explicit bounded_semaphore(std::ptrdiff_t permits) : semaphore(permits), bound_(permits) {}

    void release() {
      {
        const std::lock_guard lock(mutex_);
        if (permits_ == bound_) throw std::logic_error("bounded_semaphore: released too often");
        ++permits_;
      }
      free_.notify_one();
    }

   private:
    const std::ptrdiff_t bound_;
  };

  class latch {
   public:
    explicit latch(std::ptrdiff_t expected) : expected_(expected) {}

    void count_down() {
      const std::lock_guard lock(mutex_);
      if (--expected_ == 0) open_.notify_all();  // under the mutex: a waiter may destroy the latch as soon as it has it
    }

    void wait() {
      std::unique_lock lock(mutex_);
      open_.wait(lock, [this] { return expected_ == 0; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable open_;
    std::ptrdiff_t expected_;
  };

  // Its waiters wait for the end of a round, which the next may follow before they run.
  class countdown_latch {
   public:
    explicit countdown_latch(std::ptrdiff_t count) : count_(count) {}

    void count_down() {
      const std::lock_guard lock(mutex_);
      if (count_ == 0 || --count_ > 0) return;
      ++round_;
      over_.notify_all();  // under the mutex, as the latch
    }

    bool try_set_count(std::ptrdiff_t count) {
      const std::lock_guard lock(mutex_);
      if (count_ > 0) return false;
      count_ = count;
      return true;
    }

    void wait() {
      std::unique_lock lock(mutex_);
      over_.wait(lock, [this, round = round_] { return count_ == 0 || round_ != round; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable over_;
    std::ptrdiff_t count_;
    std::uint64_t round_ = 0;
  };

  class barrier {
   public:
    explicit barrier(std::ptrdiff_t parties) : parties_(parties), missing_(parties) {}

    void arrive_and_wait() {
      std::unique_lock lock(mutex_);
      if (--missing_ == 0) {
        missing_ = parties_;
        ++phase_;
        lock.unlock();
        turned_.notify_all();
      } else {
        turned_.wait(lock, [this, phase = phase_] { return phase_ != phase; });
      }
    }

   private:
    std::mutex mutex_;
    std::condition_variable turned_;
    const std::ptrdiff_t parties_;
    std::ptrdiff_t missing_;
    std::uint64_t phase_ = 0;
  };

  class event {
   public:
    void set() {
      const std::lock_guard lock(mutex_);
      is_set_ = true;
      changed_.notify_all();  // under the mutex, as the latch
    }

    void clear() {
      const std::lock_guard lock(mutex_);
      is_set_ = false;
    }

    void wait() {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_set_; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_set_ = false;
  };

  class queue {
   public:
    explicit queue(std::size_t capacity) : capacity_(capacity) {}

    void push(std::uint64_t item) {
      {
        std::unique_lock lock(mutex_);
        not_full_.wait(lock, [this] { return items_.size() < capacity_; });
        items_.push_back(item);
      }
      not_empty_.notify_one();
    }

    std::uint64_t pop() {
      std::uint64_t item;
      {
        std::unique_lock lock(mutex_);
        not_empty_.wait(lock, [this] { return !items_.empty(); });
        item = items_.front();
        items_.pop_front();
      }
      not_full_.notify_one();
      return item;
    }

   private:
    std::mutex mutex_;
    std::condition_variable not_full_, not_empty_;
    std::deque<std::uint64_t> items_;
    const std::size_t capacity_;
  };

  // The call that runs clears `pending_` itself, under the thread's mutex.
  class timer {
   public:
    timer(std::chrono::nanoseconds delay, bench::alarm call)
        : entry_(timer_thread::shared().start(std::chrono::steady_clock::now() + delay, [this, call] {
            pending_ = false;
            call();
          })) {}
    ~timer() { cancel(); }
    timer(const timer&) = delete;
    timer& operator=(const timer&) = delete;

    bool cancel() { return timer_thread::shared().cancel(entry_, pending_); }

   private:
    bool pending_ = true;
    timer_thread::entry entry_;
  };
};

const bool added = bench::add_implementation<condvar_adaptor>();

}  // namespace
