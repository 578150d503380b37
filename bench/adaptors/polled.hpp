// The least code that waits by looking again and again, with a pause in between: what the floors spin and yield are made
// of. None of it may be destroyed while another thread is still in a call.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/isolated.hpp"

namespace bench {

template <auto pause>
class polled_semaphore {
 public:
  explicit polled_semaphore(std::ptrdiff_t permits) : permits_(permits) {}

  void acquire() {
    while (!try_acquire()) pause();
  }

  bool try_acquire() {
    std::ptrdiff_t permits = permits_.load(std::memory_order_relaxed);
    while (permits > 0) {
      if (permits_.compare_exchange_weak(permits, permits - 1, std::memory_order_acquire, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  void release() { permits_.fetch_add(1, std::memory_order_release); }

 private:
  std::atomic<std::ptrdiff_t> permits_;
};

template <auto pause>
class polled_latch {
 public:
  explicit polled_latch(std::ptrdiff_t expected) : expected_(expected) {}

  void count_down() { expected_.fetch_sub(1, std::memory_order_release); }

  void wait() {
    while (expected_.load(std::memory_order_acquire) != 0) pause();
  }

 private:
  std::atomic<std::ptrdiff_t> expected_;
};

template <auto pause>
class polled_barrier {
 public:
  explicit polled_barrier(std::ptrdiff_t parties) : parties_(parties), missing_(parties) {}

  void arrive_and_wait() {
    const std::uint32_t phase = phase_.load(std::memory_order_relaxed);  // it cannot end before this arrival
    if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      missing_.store(parties_, std::memory_order_relaxed);
      phase_.store(phase + 1, std::memory_order_release);
    } else {
      while (phase_.load(std::memory_order_acquire) == phase) pause();
    }
  }

 private:
  const std::ptrdiff_t parties_;
  std::atomic<std::ptrdiff_t> missing_;
  alignas(isolation) std::atomic<std::uint32_t> phase_{0};
};

template <auto pause>
class polled_mutex {
 public:
  void lock() {
    while (!try_lock()) pause();
  }

  bool try_lock() {
    return !locked_.load(std::memory_order_relaxed) && !locked_.exchange(true, std::memory_order_acquire);
  }

  void unlock() { locked_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> locked_{false};
};

template <auto pause>
class polled_event {
 public:
  void set() { set_.store(true, std::memory_order_release); }
  void clear() { set_.store(false, std::memory_order_relaxed); }

  void wait() {
    while (!set_.load(std::memory_order_acquire)) pause();
  }

 private:
  std::atomic<bool> set_{false};
};

}  // namespace bench
