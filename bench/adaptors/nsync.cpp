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

  class mutex {
   public:
    mutex() { nsync::nsync_mu_init(&mutex_); }
    void lock() { nsync::nsync_mu_lock(&mutex_); }
    bool try_lock() { return nsync::nsync_mu_trylock(&mutex_) != 0; }
    void unlock() { nsync::nsync_mu_unlock(&mutex_); }

   private:
    nsync::nsync_mu mutex_;
  };

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
    void notify_all() { nsync::nsync_cv_broadcast(&condition_); }

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

  // Likewise; it is set once, and cannot be cleared.
  class event {
   public:
    event() : note_(nsync::nsync_note_new(nullptr, nsync::nsync_time_no_deadline)) {
      if (note_ == nullptr) throw std::bad_alloc();
    }
    ~event() { nsync::nsync_note_free(note_); }
    event(const event&) = delete;
    event& operator=(const event&) = delete;

    void set() { nsync::nsync_note_notify(note_); }
    void wait() { nsync::nsync_note_wait(note_, nsync::nsync_time_no_deadline); }

   private:
    nsync::nsync_note note_;
  };
};

const bool added = bench::add_implementation<nsync_adaptor>();

}  // namespace
