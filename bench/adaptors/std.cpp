#include <atomic>
#include <barrier>
#include <condition_variable>
#include <cstdint>
#include <latch>
#include <mutex>
#include <semaphore>
#include <string_view>
#include <thread>
#include <version>

#include "adaptors/monitor_of.hpp"
#include "catalogue.hpp"

namespace {

// The standard has no event, queue or timer; an atomic that is waited for is what it gives for the first.
struct std_adaptor {
  static constexpr const char* name = PARK_BENCH_STD_NAME;
  static constexpr bench::role part = std::string_view(name) == "std" ? bench::role::standard : bench::role::peer;
#if defined(_LIBCPP_VERSION)
  static constexpr const char* title = "std (libc++)";
#elif defined(__GLIBCXX__)
  static constexpr const char* title = "std (libstdc++)";
#else
  static constexpr const char* title = "std";
#endif
  using semaphore = std::counting_semaphore<>;
  using latch = std::latch;
  using barrier = std::barrier<>;
  using mutex = std::mutex;
  using recursive_mutex = std::recursive_mutex;
  using monitor = bench::monitor_of<std::mutex, std::condition_variable>;

  class event {
   public:
    void set() {
      is_set_.store(1, std::memory_order_release);
      is_set_.notify_all();
    }
    void clear() { is_set_.store(0, std::memory_order_relaxed); }
    void wait() { is_set_.wait(0, std::memory_order_acquire); }

   private:
    std::atomic<std::int32_t> is_set_{0};
  };

#if defined(__cpp_lib_jthread)
  using thread = std::jthread;
#else
  using thread = std::thread;
#endif
};

const bool added = bench::add_implementation<std_adaptor>();

}  // namespace
