#include <nsync.h>

#include <cstddef>
#include <cstdint>
#include <new>

#include "adaptors/monitor_semaphore.hpp"
#include "catalogue.hpp"

namespace {

// nsync has no barrier.
struct nsync_adaptor {
  static constexpr const char* name = "nsync";
  static constexpr const char* title = "nsync (semaphore: mu + cv)";
  static constexpr bench::role part = bench::role::peer;

  class monitor {
   public:
    monitor() {
      nsync::nsync_mu_init(&mutex_);
      nsync::nsync_cv_init(&condition_);
    }
    void lock() { nsync::nsync_mu_lock(&mutex_); }
    void unlock() { nsync::nsync_mu_unlock(&mutex_); }
    void wait() { nsync::nsync_cv_wait(&condition_, &mutex_); }
    void notify_one() { nsync::nsync_cv_signal(&condition_); }

   private:
    nsync::nsync_mu mutex_;
    nsync::nsync_cv condition_;
  };
  using semaphore = bench::monitor_semaphore<monitor>;

  // On the heap, as nsync makes them.
  class latch {
   public:
    explicit latch(std::ptrdiff_t expected) : counter_(nsync::nsync_counter_new(static_cast<std::uint32_t>(expected))) {
      if (counter_ == nullptr) throw std::bad_alloc();
    }
    ~latch() { nsync::nsync_counter_free(counter_); }
    latch(const latch&) = delete;
    latch& operator=(const latch&) = delete;

    void count_down() { nsync::nsync_counter_add(counter_, -1); }
    void wait() { nsync::nsync_counter_wait(counter_, nsync::nsync_time_no_deadline); }

   private:
    nsync::nsync_counter counter_;
  };
};

const bool added = bench::add_implementation<nsync_adaptor>();

}  // namespace
