#include <thread>

#include "adaptors/polled.hpp"
#include "catalogue.hpp"

namespace {

struct floor_yield_adaptor {
  static constexpr const char* name = "floor_yield";
  static constexpr const char* title = "Floor: yield";
  static constexpr bench::role part = bench::role::floor;
  static constexpr auto pause = [] { std::this_thread::yield(); };
  using semaphore = bench::polled_semaphore<pause>;
  using latch = bench::polled_latch<pause>;
  using barrier = bench::polled_barrier<pause>;
  using mutex = bench::polled_mutex<pause>;
  using event = bench::polled_event<pause>;
  using gate = void;  // those who wait there are to sleep
};

const bool added = bench::add_implementation<floor_yield_adaptor>();

}  // namespace
