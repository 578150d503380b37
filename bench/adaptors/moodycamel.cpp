#include <blockingconcurrentqueue.h>  // LightweightSemaphore: its own header does not stand alone in every release

#include <cstddef>

#include "catalogue.hpp"

namespace {

// As its maker sets it up: 10000 looks at the count before it sleeps.
struct moodycamel_adaptor {
  static constexpr const char* name = "moodycamel";
  static constexpr const char* title = "moodycamel::LightweightSemaphore";
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
};

const bool added = bench::add_implementation<moodycamel_adaptor>();

}  // namespace
