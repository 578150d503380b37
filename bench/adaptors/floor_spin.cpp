#include "adaptors/polled.hpp"
#include "catalogue.hpp"
#include "park/arch/arch.hpp"

namespace {

struct floor_spin_adaptor {
  static constexpr const char* name = "floor_spin";
  static constexpr const char* title = "Floor: spin";
  static constexpr bench::role part = bench::role::floor;
  static constexpr bool sleeps = false;
  static constexpr auto pause = [] { park::arch::relax(); };
  using semaphore = bench::polled_semaphore<pause>;
  using latch = bench::polled_latch<pause>;
  using barrier = bench::polled_barrier<pause>;
  using mutex = bench::polled_mutex<pause>;
  using event = bench::polled_event<pause>;
  using gate = void;  // those who wait there are to sleep
};

const bool added = bench::add_implementation<floor_spin_adaptor>();

}  // namespace
