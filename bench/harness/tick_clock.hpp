// The tick clock of park/arch, in nanoseconds.
#pragma once

#include <chrono>
#include <cstdint>

namespace bench::tick_clock {

// The rate of the tick clock, from two readings of it and of steady_clock: one in the constructor, one in
// nanoseconds_per_tick().
class calibration {
 public:
  calibration() noexcept;
  double nanoseconds_per_tick() const noexcept;

 private:
  struct moment {
    std::uint64_t ticks;
    std::chrono::steady_clock::time_point time;
  };
  static moment read() noexcept;

  moment begin_;
};

// Nanoseconds that one reading of the tick clock takes.
double cost_of_reading() noexcept;

// Ticks by which the clock moves at the least: some count in steps of 26 or so. No latency is known better than that.
std::uint64_t smallest_step() noexcept;

}  // namespace bench::tick_clock
