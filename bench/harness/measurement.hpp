// measurement: what one cell yields, and its way into Google Benchmark's counters.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/latency_histogram.hpp"
#include "platform/system_call_counter.hpp"

namespace bench {

using seconds = std::chrono::duration<double>;

// What threads have spent, each part empty where the platform does not say.
struct cost {
  std::optional<std::chrono::nanoseconds> cpu;
  std::optional<std::uint64_t> context_switches;
  std::optional<platform::system_calls> system_calls;
};

cost operator-(const cost& end, const cost& begin);

struct measurement {
  std::uint64_t operations = 0;  // completed, all threads together
  seconds wall{};                // in which they were
  cost spent;                    // on them
  latency_histogram latency;     // in ticks, of sampled operations
  double nanoseconds_per_tick = 0;
  std::vector<std::pair<std::string, double>> figures;  // what only this workload tells, by counter
  std::vector<std::uint64_t> shares;  // operations of each thread, where a thread's share is its own doing; else empty
};

// Sets the counters that every consumer of our JSON reads. What was not measured is left out, never NaN.
//
//   ops, wall_s                                throughput is ops / wall_s
//   p50_ns p90_ns p99_ns p999_ns max_ns        latency of one operation as a thread saw it
//   cpu_ns_per_op, context_switches_per_op     of all threads
//   futex_calls_per_op, system_calls_per_op    where the system call counter is installed
//   fairness_jain, least_greatest_share        of the shares, over a second or more: those of a shorter time tell who had a
//                                              CPU in it
void report(benchmark::State& state, const measurement& found);

}  // namespace bench
