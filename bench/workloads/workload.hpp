// What a workload is: a class with a description and a static template over the adaptor, whose constraint says which
// adaptors it fits.
//
//   struct example {
//     static constexpr workload about{...};
//     template <has_semaphore Adaptor> static void run(benchmark::State& state);     // a plain loop, or
//     template <has_semaphore Adaptor> static measurement run(const settings& how);  // a team's work
//     static bool available();                  // here; may be left out
//     static constexpr bool shares_a_cpu = true;  // threads share a CPU however many there are; may be left out
//     static constexpr bool follows_pins = true;  // its threads are a team's, which pin policies may place; of a sweep
//                                                 // that is taken for granted
//   };
#pragma once

#include <benchmark/benchmark.h>

#include <array>

#include "adaptors/adaptor.hpp"
#include "harness/isolated.hpp"
#include "harness/loop_meter.hpp"
#include "harness/measurement.hpp"
#include "harness/team.hpp"

namespace bench {

struct workload {
  const char* name;
  const char* title;
  const char* what;
  const char* unit;     // one operation, in the singular
  const char* kind;     // uncontended, hand_off, contended, rounds, waiting
  const char* threads;  // one, two, sweep
  unsigned min_threads = 1;
  unsigned threads_step = 1;  // thread counts of the sweep that are no multiple of it are left out
  std::array<unsigned, 5>
      times_cpus{};        // thread counts for the comparison with peers, as multiples of the CPUs; 0: none
  bool fairness = false;   // its threads compete, and their shares are to be told
  bool on_demand = false;  // takes long: not in runs that do not ask for it
};

struct settings {
  unsigned threads;
  seconds window;
};

}  // namespace bench
