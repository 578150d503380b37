// catalogue: every workload, every implementation, and the cells that they form.
#pragma once

#include <benchmark/benchmark.h>

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <tuple>
#include <vector>

#include "adaptors/exercise.hpp"
#include "options.hpp"
#include "workloads/barrier_phases.hpp"
#include "workloads/bounded_buffer.hpp"
#include "workloads/bounded_semaphores.hpp"
#include "workloads/conditions.hpp"
#include "workloads/contended_mutex.hpp"
#include "workloads/contended_queue.hpp"
#include "workloads/contended_semaphore.hpp"
#include "workloads/countdown_latches.hpp"
#include "workloads/cyclic_barriers.hpp"
#include "workloads/events.hpp"
#include "workloads/hand_off.hpp"
#include "workloads/latch_fan_in.hpp"
#include "workloads/latch_fan_out.hpp"
#include "workloads/long_wait.hpp"
#include "workloads/overtaking.hpp"
#include "workloads/recursive_mutexes.hpp"
#include "workloads/scenes.hpp"
#include "workloads/threads.hpp"
#include "workloads/timers.hpp"
#include "workloads/uncontended.hpp"
#include "workloads/workload.hpp"

namespace bench {

inline constexpr const char* own_implementation = "park";

// In the order in which they are listed.
using all_workloads =
    std::tuple<semaphore_uncontended, semaphore_try_fail, latch_uncontended, barrier_uncontended, hand_off,
               hand_off_two_cpus, hand_off_one_cpu, semaphore_contended, semaphore_half, barrier_phases, latch_fan_in,
               latch_fan_out, bounded_buffer, long_wait_first, long_wait, mutex_uncontended, mutex_contended,
               mutex_overtaking, condition_hand_off_two_cpus, condition_hand_off_one_cpu, condition_fan_out,
               event_uncontended, event_hand_off_two_cpus, event_hand_off_one_cpu, event_fan_out, queue_uncontended,
               queue_contended, timer_alone, timer_among_many, recursive_mutex_uncontended, recursive_mutex_nested,
               recursive_mutex_contended, bounded_semaphore_uncontended, bounded_semaphore_contended,
               countdown_latch_count_down, countdown_latch_round, countdown_latch_fan_in, countdown_latch_fan_out,
               cyclic_barrier_uncontended, cyclic_barrier_phases, thread_start_join, hand_off_scenes, barrier_scenes>;

struct cell {
  const workload* about;
  void (*loop)(benchmark::State& state);  // one of these two is null
  measurement (*timed)(const settings& how);
  bool cpu_for_each;  // not where there are more threads than CPUs
  bool follows_pins;  // pin policies apply to its threads
};

struct implementation {
  const char* name;
  const char* title;
  role part;
  void (*exercise)();  // throws where it does not do what it should
  std::vector<cell> cells;
};

template <class Workload>
constexpr bool follows_pins() {
  if constexpr (requires { Workload::follows_pins; }) return true;
  return std::string_view(Workload::about.threads) == "sweep" && !Workload::about.on_demand;
}

void add_implementation(implementation added);

// Our own first, then those of every run, the peers and the floors, each by name.
std::vector<implementation> implementations();

template <class Workload, class Adaptor>
void add_cell(implementation& to) {
  if constexpr (requires { Workload::available(); }) {
    if (!Workload::available()) return;
  }
  if constexpr (!sleeps<Adaptor>() && requires { Workload::shares_a_cpu; }) return;
  if constexpr (requires(benchmark::State& state) { Workload::template run<Adaptor>(state); }) {
    to.cells.push_back({&Workload::about, &Workload::template run<Adaptor>, nullptr, !sleeps<Adaptor>(), false});
  } else if constexpr (requires(const settings& how) { Workload::template run<Adaptor>(how); }) {
    to.cells.push_back(
        {&Workload::about, nullptr, &Workload::template run<Adaptor>, !sleeps<Adaptor>(), follows_pins<Workload>()});
  }
}

// Adds the adaptor with every workload that it fits. Always true, so that a constant can be initialised by it.
template <class Adaptor>
bool add_implementation() {
  implementation added{Adaptor::name, Adaptor::title, role_of<Adaptor>(), &exercise<Adaptor>, {}};
  std::apply([&](auto... each) { (add_cell<decltype(each), Adaptor>(added), ...); }, all_workloads());
  add_implementation(std::move(added));
  return true;
}

// What --list_cells prints.
nlohmann::ordered_json list_cells();

// Registers every cell that the filter selects with Google Benchmark, as <workload>/<implementation>/threads:<T>, and
// with /pin:<P> behind that where its threads are pinned.
// Throws usage_error where there is none.
void register_cells(const options& wanted);

// The names of those that it selects, of which there may be none.
std::vector<std::string> list_names(const options& wanted);

}  // namespace bench
