#include <absl/synchronization/mutex.h>

#include <cstddef>

#include "catalogue.hpp"

namespace {

// Abseil's other way to wait, which it recommends: the mutex itself waits until a condition holds. Neither way is the
// faster one everywhere.
struct absl_when_adaptor {
  static constexpr const char* name = "absl_when";
  static constexpr const char* title = "Abseil (semaphore: Mutex::LockWhen)";
  static constexpr bench::role part = bench::role::peer;

  class semaphore {
   public:
    explicit semaphore(std::ptrdiff_t permits) : permits_(permits) {}

    void acquire() {
      mutex_.LockWhen(absl::Condition(is_positive, &permits_));
      --permits_;
      mutex_.Unlock();
    }

    bool try_acquire() {
      const absl::MutexLock lock(&mutex_);
      if (permits_ == 0) return false;
      --permits_;
      return true;
    }

    void release() {
      const absl::MutexLock lock(&mutex_);
      ++permits_;
    }

   private:
    static bool is_positive(std::ptrdiff_t* permits) { return *permits > 0; }

    absl::Mutex mutex_;
    std::ptrdiff_t permits_;
  };
};

const bool added = bench::add_implementation<absl_when_adaptor>();

}  // namespace
