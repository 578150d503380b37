// bench::tick_clock: ticks in nanoseconds, against steady_clock.
#include "harness/tick_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <thread>

#include "park/arch/arch.hpp"

namespace {

namespace tick_clock = bench::tick_clock;
using namespace std::chrono_literals;

TEST(tick_clock, never_runs_backwards) {
  std::uint64_t last = park::arch::ticks();
  for (int read = 0; read < 100'000; ++read) {
    const std::uint64_t now = park::arch::ticks();
    ASSERT_GE(now, last);
    last = now;
  }
}

// Another thread may take the CPU between a read of one clock and that of the other: the best of some tries counts.
TEST(tick_clock, measures_what_steady_clock_measures) {
  double least_error = 1;
  for (int tries = 0; tries < 10 && least_error > 0.01; ++tries) {
    const tick_clock::calibration calibration;
    const auto begin = std::chrono::steady_clock::now();
    const std::uint64_t first = park::arch::ticks();
    std::this_thread::sleep_for(30ms);
    const std::uint64_t last = park::arch::ticks();
    const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - begin;
    const double measured = static_cast<double>(last - first) * calibration.nanoseconds_per_tick();
    least_error = std::min(least_error, std::abs(measured / elapsed.count() - 1));
  }
  EXPECT_LE(least_error, 0.01);
}

TEST(tick_clock, a_read_takes_some_nanoseconds_and_the_smallest_step_is_a_step) {
  EXPECT_GT(tick_clock::cost_of_reading(), 0.1);
  EXPECT_LT(tick_clock::cost_of_reading(), 10'000);
  EXPECT_GE(tick_clock::smallest_step(), 1u);
}

}  // namespace
