// Events: what hand_off.hpp, fan_out.hpp and uncontended.hpp do, through events.
#pragma once

#include <cstddef>

#include "adaptors/event_gate.hpp"
#include "workloads/fan_out.hpp"
#include "workloads/hand_off.hpp"
#include "workloads/workload.hpp"

namespace bench {

// What one thread releases and one other acquires, in turns.
template <class Event>
class event_semaphore {
 public:
  explicit event_semaphore(std::ptrdiff_t) {}

  void release() { set_.set(); }
  void acquire() {
    set_.wait();
    set_.clear();
  }

 private:
  Event set_;
};

// One operation: the whole life of an event, on the stack.
struct event_uncontended {
  static constexpr workload about{
      "event_uncontended", "Event, uncontended", "One thread makes an event, sets it, waits and destroys it",
      "life of an event",  "uncontended",        "one"};

  template <has_event Adaptor>
  static void run(benchmark::State& state) {
    const loop_meter meter;
    for (auto _ : state) {
      isolated<typename Adaptor::event> event;
      benchmark::DoNotOptimize(&*event);
      event->set();
      event->wait();
      benchmark::DoNotOptimize(&*event);
    }
    meter.report_to(state);
  }
};

struct event_hand_off_two_cpus {
  static constexpr workload about{"event_hand_off_two_cpus",
                                  "Event, hand-off between two CPUs",
                                  "Two threads, pinned to neighbouring cores, set an event for each other and clear it",
                                  "message one way",
                                  "hand_off",
                                  "two"};

  static bool available() { return there_are_two_cpus(); }

  template <has_clearable_event Adaptor>
  static measurement run(const settings& how) {
    return hand_off_between_two_cpus<event_semaphore<typename Adaptor::event>>(how);
  }
};

struct event_hand_off_one_cpu {
  static constexpr workload about{"event_hand_off_one_cpu",
                                  "Event, hand-off on one CPU",
                                  "Two threads, both pinned to one CPU, set an event for each other and clear it",
                                  "message one way",
                                  "hand_off",
                                  "two"};

  static constexpr bool shares_a_cpu = true;
  static bool available() { return there_is_one_cpu(); }

  template <has_clearable_event Adaptor>
  static measurement run(const settings& how) {
    return hand_off_within_one_cpu<event_semaphore<typename Adaptor::event>>(how);
  }
};

// Only where those who wait sleep: see latch_fan_out.
struct event_fan_out {
  static constexpr workload about{"event_fan_out",
                                  "Event, fan-out",
                                  "T - 1 threads sleep at an event, one sets it; until the last has returned",
                                  "round",
                                  "rounds",
                                  "sweep",
                                  2,
                                  1,
                                  {4, 32}};

  template <has_event Adaptor>
    requires has_gate<Adaptor> || (!has_latch<Adaptor>)
  static measurement run(const settings& how) {
    return fan_out<event_gate<typename Adaptor::event>>(how.threads).run(how.window);
  }
};

}  // namespace bench
