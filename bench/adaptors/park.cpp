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
  using recursive_mutex = park::recursive_mutex;
  using bounded_semaphore = park::bounded_semaphore;
  using countdown_latch = park::countdown_latch;

  class cyclic_barrier {
   public:
    explicit cyclic_barrier(std::ptrdiff_t parties) : barrier_(parties) {}
    void arrive_and_wait() { barrier_.wait(); }

   private:
    park::cyclic_barrier<> barrier_;
  };

  using thread = park::thread;
};

const bool added = bench::add_implementation<park_adaptor>();

}  // namespace
