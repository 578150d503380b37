#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/mutex.h>

#include <cstddef>
#include <cstdint>

#include "catalogue.hpp"

namespace {

// oneTBB has no other primitive of park's: its tasks do not block.
struct tbb_adaptor {
  static constexpr const char* name = "tbb";
  static constexpr const char* title = "oneTBB";
  static constexpr bench::role part = bench::role::peer;
  using mutex = tbb::mutex;

  class queue {
   public:
    explicit queue(std::size_t capacity) { items_.set_capacity(static_cast<std::ptrdiff_t>(capacity)); }
    void push(std::uint64_t item) { items_.push(item); }
    std::uint64_t pop() {
      std::uint64_t item = 0;
      items_.pop(item);
      return item;
    }

   private:
    tbb::concurrent_bounded_queue<std::uint64_t> items_;
  };
};

const bool added = bench::add_implementation<tbb_adaptor>();

}  // namespace
