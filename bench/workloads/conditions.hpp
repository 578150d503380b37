// Condition variables: what hand_off.hpp and fan_out.hpp do, through a count under a mutex.
#pragma once

#include "adaptors/monitor_latch.hpp"
#include "adaptors/monitor_semaphore.hpp"
#include "workloads/fan_out.hpp"
#include "workloads/hand_off.hpp"
#include "workloads/workload.hpp"

namespace bench {

// The notification follows the unlock.
struct condition_hand_off_two_cpus {
  static constexpr workload about{
      "condition_hand_off_two_cpus",
      "Condition variable, hand-off between two CPUs",
      "Two threads, pinned to neighbouring cores, send a message to and fro through two condition variables",
      "message one way",
      "hand_off",
      "two"};

  static bool available() { return there_are_two_cpus(); }

  template <has_monitor Adaptor>
  static measurement run(const settings& how) {
    return hand_off_between_two_cpus<monitor_semaphore<typename Adaptor::monitor>>(how);
  }
};

struct condition_hand_off_one_cpu {
  static constexpr workload about{
      "condition_hand_off_one_cpu",
      "Condition variable, hand-off on one CPU",
      "Two threads, both pinned to one CPU, send a message to and fro through two condition variables",
      "message one way",
      "hand_off",
      "two"};

  static constexpr bool shares_a_cpu = true;
  static bool available() { return there_is_one_cpu(); }

  template <has_monitor Adaptor>
  static measurement run(const settings& how) {
    return hand_off_within_one_cpu<monitor_semaphore<typename Adaptor::monitor>>(how);
  }
};

// notify_all under the mutex, which all who are woken then want.
struct condition_fan_out {
  static constexpr workload about{
      "condition_fan_out",
      "Condition variable, notify_all",
      "T - 1 threads sleep at a condition variable, one notifies all; until the last has returned",
      "round",
      "rounds",
      "sweep",
      2,
      1,
      {4, 32}};

  template <has_monitor Adaptor>
  static measurement run(const settings& how) {
    return fan_out<monitor_latch<typename Adaptor::monitor>>(how.threads).run(how.window);
  }
};

}  // namespace bench
