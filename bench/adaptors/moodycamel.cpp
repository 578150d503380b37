#include <blockingconcurrentqueue.h>  // and LightweightSemaphore: its own header does not stand alone in every release

#include <cstddef>
#include <cstdint>

#include "catalogue.hpp"

namespace {

// As its maker sets it up: 10000 looks at the count before it sleeps.
struct moodycamel_adaptor {
  static constexpr const char* name = "moodycamel";
  static constexpr const char* title = "moodycamel (queue without bounds)";
  static constexpr bench::role part = bench::role::peer;

  class semaphore {
   public:
    explicit semaphore(std::ptrdiff_t permits) : semaphore_(permits) {}
    void acquire() { semaphore_.wait(); }
    bool try_acquire() { return semaphore_.tryWait(); }
    void release() { semaphore_.signal(); }

   private:
    moodycamel::LightweightSemaphore semaphore_;
  };

  // BlockingConcurrentQueue: a push never waits. Each thread that pushes has a queue of its own in it.
  class queue {
   public:
    explicit queue(std::size_t capacity) : items_(capacity) {}
    void push(std::uint64_t item) { items_.enqueue(item); }
    std::uint64_t pop() {
      std::uint64_t item = 0;
      items_.wait_dequeue(item);
      return item;
    }

   private:
    moodycamel::BlockingConcurrentQueue<std::uint64_t> items_;
  };
};

const bool added = bench::add_implementation<moodycamel_adaptor>();

}  // namespace
