// The least code that waits in the futex call and nowhere else: no spin, no care for destruction or misuse.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "catalogue.hpp"

namespace {

using word = std::atomic<std::uint32_t>;

void sleep_at(word& at, std::uint32_t value) {
  syscall(SYS_futex, &at, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

void wake(word& at, int most) { syscall(SYS_futex, &at, FUTEX_WAKE_PRIVATE, most, nullptr, nullptr, 0); }

constexpr int all = std::numeric_limits<int>::max();

struct floor_futex_adaptor {
  static constexpr const char* name = "floor_futex";
  static constexpr const char* title = "Floor: futex";
  static constexpr bench::role part = bench::role::floor;

  // seq_cst on both words: either release() sees the sleeper, or the sleeper's call sees the permit.
  class semaphore {
   public:
    explicit semaphore(std::ptrdiff_t permits) : permits_(static_cast<std::uint32_t>(permits)) {}

    void acquire() {
      if (try_acquire()) return;
      sleepers_.fetch_add(1, std::memory_order_seq_cst);
      do sleep_at(permits_, 0);
      while (!try_acquire());
      sleepers_.fetch_sub(1, std::memory_order_relaxed);
    }

    bool try_acquire() {
      std::uint32_t permits = permits_.load(std::memory_order_relaxed);
      while (permits > 0) {
        if (permits_.compare_exchange_weak(permits, permits - 1, std::memory_order_acquire,
                                           std::memory_order_relaxed)) {
          return true;
        }
      }
      return false;
    }

    void release() {
      permits_.fetch_add(1, std::memory_order_seq_cst);
      if (sleepers_.load(std::memory_order_seq_cst) > 0) wake(permits_, 1);
    }

   private:
    word permits_;
    word sleepers_{0};
  };

  class latch {
   public:
    explicit latch(std::ptrdiff_t expected) : expected_(static_cast<std::uint32_t>(expected)) {}

    void count_down() {
      if (expected_.fetch_sub(1, std::memory_order_release) == (slept_at | 1)) wake(expected_, all);
    }

    void wait() {
      std::uint32_t value = expected_.load(std::memory_order_acquire);
      while ((value & ~slept_at) != 0) {
        if ((value & slept_at) == 0) {
          value = expected_.fetch_or(slept_at, std::memory_order_acquire);
          if (value == 0) return;
        }
        sleep_at(expected_, value | slept_at);
        value = expected_.load(std::memory_order_acquire);
      }
    }

   private:
    static constexpr std::uint32_t slept_at = 1u << 31;
    word expected_;
  };

  class barrier {
   public:
    explicit barrier(std::ptrdiff_t parties)
        : parties_(static_cast<std::uint32_t>(parties)), missing_(static_cast<std::uint32_t>(parties)) {}

    void arrive_and_wait() {
      const std::uint32_t phase = phase_.load(std::memory_order_relaxed);  // it cannot end before this arrival
      if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        missing_.store(parties_, std::memory_order_relaxed);
        phase_.store(phase + 1, std::memory_order_release);
        if (parties_ > 1) wake(phase_, all);
      } else {
        while (phase_.load(std::memory_order_acquire) == phase) sleep_at(phase_, phase);
      }
    }

   private:
    const std::uint32_t parties_;
    word missing_;
    word phase_{0};
  };

  // The third of Drepper's "Futexes Are Tricky".
  class mutex {
   public:
    void lock() {
      if (try_lock()) return;
      while (state_.exchange(slept_at, std::memory_order_acquire) != unlocked) sleep_at(state_, slept_at);
    }

    bool try_lock() {
      std::uint32_t expected = unlocked;
      return state_.compare_exchange_strong(expected, locked, std::memory_order_acquire, std::memory_order_relaxed);
    }

    void unlock() {
      if (state_.exchange(unlocked, std::memory_order_release) == slept_at) wake(state_, 1);
    }

   private:
    static constexpr std::uint32_t unlocked = 0, locked = 1, slept_at = 2;
    word state_{unlocked};
  };

  class event {
   public:
    void set() {
      if (state_.exchange(is_set, std::memory_order_release) == slept_at) wake(state_, all);
    }

    void clear() { state_.store(is_clear, std::memory_order_relaxed); }

    void wait() {
      for (std::uint32_t value = is_clear; value != is_set; value = state_.load(std::memory_order_acquire)) {
        state_.compare_exchange_strong(value, slept_at, std::memory_order_acquire);
        if (value != is_set) sleep_at(state_, slept_at);
      }
    }

   private:
    static constexpr std::uint32_t is_clear = 0, is_set = 1, slept_at = 2;
    word state_{is_clear};
  };

  // A notification is a number: nobody who has read the one before sleeps any more.
  class monitor {
   public:
    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }

    void wait() {
      const std::uint32_t notified = notified_.load(std::memory_order_relaxed);
      mutex_.unlock();
      sleep_at(notified_, notified);
      mutex_.lock();
    }

    void notify_one() { notify(1); }
    void notify_all() { notify(all); }

   private:
    void notify(int most) {
      notified_.fetch_add(1, std::memory_order_relaxed);
      wake(notified_, most);
    }

    mutex mutex_;
    word notified_{0};
  };
};

const bool added = bench::add_implementation<floor_futex_adaptor>();

}  // namespace
