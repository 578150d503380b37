// loop_meter: wall time and cost of one `for (auto _ : state)` loop, read before it and after it and never inside.
//
//   loop_meter meter;
//   for (auto _ : state) operation();
//   meter.report_to(state);
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>

#include "harness/measurement.hpp"
#include "platform/system_call_counter.hpp"
#include "platform/usage.hpp"

namespace bench {

class loop_meter {
 public:
  loop_meter() : spent_(read_cost()), begin_(std::chrono::steady_clock::now()) {}

  void report_to(benchmark::State& state) const {
    measurement found;
    found.wall = std::chrono::steady_clock::now() - begin_;
    found.operations = static_cast<std::uint64_t>(state.iterations());
    found.spent = read_cost() - spent_;
    report(state, found);
  }

 private:
  static cost read_cost() {
    const platform::uncounted_section harness;
    return {platform::own_cpu_time(), platform::own_context_switches(), platform::counted_system_calls()};
  }

  platform::counted_section counted_;
  cost spent_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace bench
