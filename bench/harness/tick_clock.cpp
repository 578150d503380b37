#include "harness/tick_clock.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>

#include "harness/stopwatch.hpp"
#include "park/arch/arch.hpp"

namespace bench::tick_clock {

calibration::calibration() noexcept : begin_(read()) {}

double calibration::nanoseconds_per_tick() const noexcept {
  const moment end = read();
  const std::chrono::duration<double, std::nano> elapsed = end.time - begin_.time;
  return elapsed.count() / static_cast<double>(end.ticks - begin_.ticks);
}

// Both clocks as close together as the best of a few tries: a preemption between the two spoils a try.
calibration::moment calibration::read() noexcept {
  moment best{};
  std::uint64_t narrowest = ~std::uint64_t{0};
  for (int tries = 0; tries < 5; ++tries) {
    const std::uint64_t before = park::arch::ticks();
    const auto time = std::chrono::steady_clock::now();
    const std::uint64_t width = park::arch::ticks() - before;
    if (width < narrowest) narrowest = width, best = {before + width / 2, time};
  }
  return best;
}

double cost_of_reading() noexcept {
  static const double nanoseconds = cost_of([] { benchmark::DoNotOptimize(park::arch::ticks()); });
  return nanoseconds;
}

std::uint64_t smallest_step() noexcept {
  std::uint64_t smallest = ~std::uint64_t{0};
  for (int reads = 0; reads < 10'000; ++reads) {
    const std::uint64_t begin = park::arch::ticks();
    std::uint64_t end = begin;
    while (end == begin) end = park::arch::ticks();
    smallest = std::min(smallest, end - begin);
  }
  return smallest;
}

}  // namespace bench::tick_clock
