#include <boost/thread/barrier.hpp>
#include <boost/thread/condition_variable.hpp>
#include <boost/thread/latch.hpp>
#include <boost/thread/lock_types.hpp>
#include <boost/thread/mutex.hpp>
#include <boost/thread/recursive_mutex.hpp>
#include <boost/thread/thread.hpp>
#include <cstddef>

#include "adaptors/monitor_of.hpp"
#include "catalogue.hpp"

namespace {

// Boost.Thread has no semaphore.
struct boost_adaptor {
  static constexpr const char* name = "boost";
  static constexpr const char* title = "Boost.Thread";
  static constexpr bench::role part = bench::role::peer;

  class latch {
   public:
    explicit latch(std::ptrdiff_t expected) : latch_(static_cast<std::size_t>(expected)) {}
    void count_down() { latch_.count_down(); }
    void wait() { latch_.wait(); }

   private:
    boost::latch latch_;
  };

  class barrier {
   public:
    explicit barrier(std::ptrdiff_t parties) : barrier_(static_cast<unsigned>(parties)) {}
    void arrive_and_wait() { barrier_.count_down_and_wait(); }

   private:
    boost::barrier barrier_;
  };

  using mutex = boost::mutex;
  using recursive_mutex = boost::recursive_mutex;
  using thread = boost::thread;
  using monitor =
      bench::monitor_of<boost::mutex, boost::condition_variable, boost::unique_lock<boost::mutex>, boost::adopt_lock_t>;
};

const bool added = bench::add_implementation<boost_adaptor>();

}  // namespace
