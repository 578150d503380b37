// The cost of one step that is too short to be timed alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace bench {

// Nanoseconds of one step(): the best of some batches, since whatever disturbs a batch only makes it longer.
template <class Step>
double cost_of(Step&& step) noexcept {
  constexpr int batches = 20, steps = 500;
  double best = std::numeric_limits<double>::max();
  for (int batch = 0; batch < batches; ++batch) {
    const auto begin = std::chrono::steady_clock::now();
    for (int count = 0; count < steps; ++count) step();
    const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - begin;
    best = std::min(best, elapsed.count() / steps);
  }
  return best;
}

}  // namespace bench
