#include "park/park.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "adaptors/monitor_of.hpp"
#include "catalogue.hpp"

namespace {

struct park_adaptor {
  static constexpr const char* name = bench::own_implementation;
  static constexpr const char* title = "park";
  using semaphore = park::counting_semaphore<>;
  using latch = park::latch;
  using barrier = park::barrier<>;
  using mutex = park::mutex;
  using monitor = bench::monitor_of<park::mutex, park::condition_variable>;
  using event = park::event;

  class queue {
   public:
    explicit queue(std::size_t capacity) : items_(capacity) {}
    void push(std::uint64_t item) { items_.push(item); }
    std::uint64_t pop() { return *items_.pop(); }  // nobody closes it

   private:
    park::bounded_queue<std::uint64_t> items_;
  };

  using timer = park::timer;
};

const bool added = bench::add_implementation<park_adaptor>();

}  // namespace
