// Long wait: one thread waits at a semaphore, another comes after 10 ms and releases it.
//
// One operation: one wait. What is measured is not how long it took, which the other thread decides, but the CPU time that
// the waiting thread spent on it, and wall_s holds that: spinning, going to sleep, waking up, and the two reads of the
// thread's CPU clock (some hundred nanoseconds). A first wait is one in a new process, at a new semaphore: what an
// implementation learns from the waits before it shows in the difference to later ones.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

#include "harness/neutral_wait.hpp"
#include "platform/usage.hpp"
#include "workloads/workload.hpp"

namespace bench {

class cpu_burned {
 public:
  static constexpr std::chrono::milliseconds wait{10};

  // The CPU time of one wait at the semaphore, or of many, after some that are not counted.
  template <class Semaphore>
  static measurement of(seconds window, bool first_alone) {
    isolated<Semaphore> semaphore(0);
    const long waits = first_alone ? 1 : std::max(3L, static_cast<long>(window / wait));
    const long not_counted = first_alone ? 0 : 1;
    semaphore->release();  // the code of the fast paths is there
    semaphore->acquire();
    measurement found;
    std::thread other([&] {
      for (long turn = 0; turn < waits; ++turn) {
        nap(wait);
        semaphore->release();
      }
    });
    for (long turn = 0; turn < waits; ++turn) {
      const std::optional<std::chrono::nanoseconds> begin = platform::own_cpu_time();
      if (turn == not_counted) found.spent = read_cost();
      {
        const platform::counted_section counted;
        semaphore->acquire();
      }
      const std::optional<std::chrono::nanoseconds> end = platform::own_cpu_time();
      if (turn >= not_counted && begin && end) found.wall += *end - *begin;
    }
    const cost last = read_cost();
    found.spent = last - found.spent;
    other.join();
    found.operations = static_cast<std::uint64_t>(waits - not_counted);
    return found;
  }

 private:
  static cost read_cost() {
    return {platform::own_cpu_time(), platform::own_context_switches(), platform::counted_system_calls()};
  }
};

struct long_wait_first {
  static constexpr workload about{"long_wait_first",
                                  "CPU burned in a first wait of 10 ms",
                                  "One thread of a new process waits 10 ms at a semaphore: its CPU time",
                                  "wait",
                                  "waiting",
                                  "two"};

  static bool available() { return platform::own_cpu_time().has_value(); }

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    return cpu_burned::of<typename Adaptor::semaphore>(how.window, true);
  }
};

struct long_wait {
  static constexpr workload about{
      "long_wait",
      "CPU burned in a wait of 10 ms",
      "One thread waits 10 ms at a semaphore again and again: its CPU time, after the first",
      "wait",
      "waiting",
      "two"};

  static bool available() { return platform::own_cpu_time().has_value(); }

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    return cpu_burned::of<typename Adaptor::semaphore>(how.window, false);
  }
};

}  // namespace bench
