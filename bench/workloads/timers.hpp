// Timers that are cancelled, as those of time limits usually are. One operation: one timer of some hours, made, cancelled
// and destroyed, by one thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <random>
#include <stdexcept>

#include "workloads/workload.hpp"

namespace bench {

// Between one hour and two, in no order.
inline std::chrono::nanoseconds some_delay(std::minstd_rand& dice) {
  constexpr unsigned long long milliseconds_of_an_hour = 3'600'000;
  return std::chrono::milliseconds(milliseconds_of_an_hour + dice() % milliseconds_of_an_hour);
}

// While so many others are pending.
template <class Timer>
void start_and_cancel(benchmark::State& state, std::size_t pending) {
  std::atomic<unsigned> rung{0};
  std::minstd_rand dice;
  std::array<std::chrono::nanoseconds, 1024> delays;
  for (std::chrono::nanoseconds& delay : delays) delay = some_delay(dice);
  std::deque<Timer> others;
  while (others.size() < pending) others.emplace_back(some_delay(dice), alarm{&rung});
  std::size_t turn = 0, late = 0;
  {
    Timer first(delays[0], alarm{&rung});  // whatever serves them is there
  }
  const loop_meter meter;
  for (auto _ : state) {
    Timer timer(delays[++turn % delays.size()], alarm{&rung});
    if (!timer.cancel()) ++late;
  }
  meter.report_to(state);
  if (late > 0 || rung > 0) throw std::runtime_error("timer broken: one of an hour could not be cancelled in time");
}

struct timer_alone {
  static constexpr workload about{"timer_alone",
                                  "Timer, none pending",
                                  "One thread starts and cancels a timer; no other is pending",
                                  "timer started and cancelled",
                                  "uncontended",
                                  "one"};

  template <has_timer Adaptor>
  static void run(benchmark::State& state) {
    start_and_cancel<typename Adaptor::timer>(state, 0);
  }
};

struct timer_among_many {
  static constexpr workload about{"timer_among_many",
                                  "Timer, 100,000 pending",
                                  "One thread starts and cancels a timer; 100,000 others are pending",
                                  "timer started and cancelled",
                                  "uncontended",
                                  "one"};

  template <has_timer Adaptor>
  static void run(benchmark::State& state) {
    start_and_cancel<typename Adaptor::timer>(state, 100'000);
  }
};

}  // namespace bench
