#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>

#include <cstddef>

#include "adaptors/event_gate.hpp"
#include "adaptors/monitor_semaphore.hpp"
#include "catalogue.hpp"

namespace {

// absl::Barrier is not there: it serves one phase, and then has to be made anew.
struct absl_adaptor {
  static constexpr const char* name = "absl";
  static constexpr const char* title = "Abseil (semaphore: Mutex + CondVar)";
  static constexpr bench::role part = bench::role::peer;

  class mutex {
   public:
    void lock() { mutex_.Lock(); }
    bool try_lock() { return mutex_.TryLock(); }
    void unlock() { mutex_.Unlock(); }

   private:
    absl::Mutex mutex_;
  };

  class monitor {
   public:
    void lock() { mutex_.Lock(); }
    void unlock() { mutex_.Unlock(); }
    void wait() { changed_.Wait(&mutex_); }
    void notify_one() { changed_.Signal(); }
    void notify_all() { changed_.SignalAll(); }

   private:
    absl::Mutex mutex_;
    absl::CondVar changed_;
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

  // It is set once, and cannot be cleared.
  class event {
   public:
    void set() { set_.Notify(); }
    void wait() { set_.WaitForNotification(); }

   private:
    absl::Notification set_;
  };
  using gate = bench::event_gate<event>;
};

const bool added = bench::add_implementation<absl_adaptor>();

}  // namespace
