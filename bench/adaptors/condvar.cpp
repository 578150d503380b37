#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "catalogue.hpp"

namespace {

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

   private:
    std::mutex mutex_;
    std::condition_variable free_;
    std::ptrdiff_t permits_;
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
};

const bool added = bench::add_implementation<condvar_adaptor>();

}  // namespace
