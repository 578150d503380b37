// Countdown latches: what latch_fan_in.hpp and fan_out.hpp do, a count that is far from zero, and rounds. Beside them stand
// the latches of libraries whose latches serve once.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>

#include "workloads/fan_out.hpp"
#include "workloads/latch_fan_in.hpp"
#include "workloads/workload.hpp"

namespace bench {

// One operation: one count_down(). A latch of 1000 is made anew each 1000 operations.
struct countdown_latch_count_down {
  static constexpr workload about{"countdown_latch_count_down",
                                  "Countdown latch, count down",
                                  "One thread counts down a latch of 1000; nobody waits",
                                  "count_down",
                                  "uncontended",
                                  "one"};

  template <class Adaptor>
    requires has_countdown_latch<Adaptor> || has_latch<Adaptor>
  static void run(benchmark::State& state) {
    constexpr std::ptrdiff_t count = 1000;
    isolated<std::optional<typename countdown<Adaptor>::latch>> latch;
    benchmark::DoNotOptimize(&*latch);
    std::ptrdiff_t left = 0;
    const loop_meter meter;
    for (auto _ : state) {
      if (left == 0) latch->emplace(left = count);
      (*latch)->count_down();
      --left;
    }
    meter.report_to(state);
    while (left-- > 0) (*latch)->count_down();
    (*latch)->wait();  // which ends, or the cell is told as one that hung
  }
};

// One operation: one round of 1, from its beginning to the return of the wait.
struct countdown_latch_round {
  static constexpr workload about{"countdown_latch_round",
                                  "Countdown latch, one round",
                                  "One thread begins a round of 1, counts it down and waits",
                                  "round",
                                  "uncontended",
                                  "one"};

  template <has_countdown_latch Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::countdown_latch> latch(0);
    benchmark::DoNotOptimize(&*latch);
    bool begun = true;
    const loop_meter meter;
    for (auto _ : state) {
      begun &= latch->try_set_count(1);
      latch->count_down();
      latch->wait();
    }
    meter.report_to(state);
    if (!begun) throw std::runtime_error("countdown latch broken: no round began at zero");
  }
};

struct countdown_latch_fan_in {
  static constexpr workload about{
      "countdown_latch_fan_in",
      "Countdown latch, fan-in",
      "T - 1 threads count down once each, one waits; from the starting signal to its return",
      "round",
      "rounds",
      "sweep",
      2,
      1,
      {4}};

  template <class Adaptor>
    requires has_countdown_latch<Adaptor> || has_latch<Adaptor>
  static measurement run(const settings& how) {
    return fan_in<typename countdown<Adaptor>::latch>(how.threads).run(how.window);
  }
};

struct countdown_latch_fan_out {
  static constexpr workload about{
      "countdown_latch_fan_out",
      "Countdown latch, fan-out",
      "T - 1 threads sleep at a countdown latch, one counts it down; until the last has returned",
      "round",
      "rounds",
      "sweep",
      2,
      1,
      {4}};

  template <class Adaptor>
    requires has_countdown_latch<Adaptor> || has_gate<Adaptor>
  static measurement run(const settings& how) {
    return fan_out<typename countdown<Adaptor>::gate>(how.threads).run(how.window);
  }
};

}  // namespace bench
