#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>

#include <cstddef>

#include "adaptors/monitor_semaphore.hpp"
#include "catalogue.hpp"

namespace {

// absl::Barrier is not there: it serves one phase, and then has to be made anew.
struct absl_adaptor {
  static constexpr const char* name = "absl";
  static constexpr const char* title = "Abseil (semaphore: Mutex + CondVar)";
  static constexpr bench::role part = bench::role::peer;

  struct monitor {
    void lock() { mutex.Lock(); }
    void unlock() { mutex.Unlock(); }
    void wait() { condition.Wait(&mutex); }
    void notify_one() { condition.Signal(); }
    absl::Mutex mutex;
    absl::CondVar condition;
  };
  using semaphore = bench::monitor_semaphore<monitor>;

  // One thread may wait at it.
  class latch {
   public:
    explicit latch(std::ptrdiff_t expected) : counter_(static_cast<int>(expected)) {}
    void count_down() { counter_.DecrementCount(); }
    void wait() { counter_.Wait(); }

   private:
    absl::BlockingCounter counter_;
  };

  // Expects one count_down().
  class gate {
   public:
    explicit gate(std::ptrdiff_t) {}
    void count_down() { open_.Notify(); }
    void wait() { open_.WaitForNotification(); }

   private:
    absl::Notification open_;
  };
};

const bool added = bench::add_implementation<absl_adaptor>();

}  // namespace
