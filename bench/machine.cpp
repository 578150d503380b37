#include "machine.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <latch>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <semaphore>
#include <set>
#include <string>
#include <thread>

#include "harness/stopwatch.hpp"
#include "harness/tick_clock.hpp"
#include "lot/cpus.hpp"
#include "park/park.hpp"
#include "platform/identity.hpp"
#include "platform/topology.hpp"
#include "tuning.hpp"

namespace bench {
namespace {

using json = nlohmann::ordered_json;
using platform::cpu_place;

template <class Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json(nullptr);
}

// How many different values the CPUs have in one place; null where one of them is not known.
json count(const std::vector<cpu_place>& cpus, std::optional<unsigned> cpu_place::* place) {
  std::set<unsigned> values;
  for (const cpu_place& cpu : cpus) {
    if (!(cpu.*place)) return nullptr;
    values.insert(*(cpu.*place));
  }
  return cpus.empty() ? json(nullptr) : json(values.size());
}

json describe_caches(const std::vector<platform::cache>& caches) {
  json all = json::array();
  for (const platform::cache& one : caches) {
    all.push_back({{"level", one.level},
                   {"type", one.type},
                   {"size_kib", one.size_kib},
                   {"shared_by_cpus", one.shared_by_cpus},
                   {"instances", one.instances},
                   {"sharers", one.sharers}});
  }
  return all;
}

json describe_nodes(const std::vector<platform::numa_node>& nodes) {
  json all = json::array();
  for (const platform::numa_node& one : nodes) {
    all.push_back({{"node", one.node}, {"cpus", one.cpus}, {"memory_mib", or_null(one.memory_mib)}});
  }
  return all;
}

json describe_cpus(const std::vector<cpu_place>& cpus) {
  json all = json::array();
  for (const cpu_place& one : cpus) {
    all.push_back({{"cpu", one.cpu},
                   {"core", or_null(one.core)},
                   {"package", or_null(one.package)},
                   {"numa", or_null(one.numa)},
                   {"l3", or_null(one.l3)},
                   {"llc", or_null(one.llc)}});
  }
  return all;
}

json describe_topology() {
  const platform::topology found = platform::read_topology();
  const json cores = count(found.cpus, &cpu_place::core);
  return {{"logical_cpus", found.cpus.empty() ? json(nullptr) : json(found.cpus.size())},
          {"cores", cores},
          {"sockets", count(found.cpus, &cpu_place::package)},
          {"smt", cores.is_null() ? json(nullptr) : json(cores.get<std::size_t>() < found.cpus.size())},
          {"numa_nodes", count(found.cpus, &cpu_place::numa)},
          {"nodes", describe_nodes(found.nodes)},
          {"caches", describe_caches(found.caches)},
          {"cpus", describe_cpus(found.cpus)},
          {"topology_source", or_null(found.source)}};
}

double nanoseconds_per_tick() {
  const tick_clock::calibration calibration;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return calibration.nanoseconds_per_tick();
}

// Nanoseconds by which steady_clock moves at the least.
double smallest_step_of_the_clock() {
  using clock = std::chrono::steady_clock;
  clock::duration smallest = clock::duration::max();
  for (int reads = 0; reads < 1000; ++reads) {
    const clock::time_point begin = clock::now();
    clock::time_point end = begin;
    while (end == begin) end = clock::now();
    smallest = std::min(smallest, end - begin);
  }
  return std::chrono::duration<double, std::nano>(smallest).count();
}

json describe_clocks() {
  return {{"relax_ns", cost_of([] { park::arch::relax(); })},
          {"tick_ns", tick_clock::cost_of_reading()},
          {"tick_resolution_ns", static_cast<double>(tick_clock::smallest_step()) * nanoseconds_per_tick()},
          {"clock_ns", cost_of([] { benchmark::DoNotOptimize(std::chrono::steady_clock::now()); })},
          {"clock_resolution_ns", smallest_step_of_the_clock()}};
}

json describe_sizes() {
  using wide_semaphore = park::counting_semaphore<std::numeric_limits<std::ptrdiff_t>::max()>;
  return {{"park::latch", sizeof(park::latch)},
          {"park::counting_semaphore<>", sizeof(park::counting_semaphore<>)},
          {"park::counting_semaphore<PTRDIFF_MAX>", sizeof(wide_semaphore)},
          {"park::barrier<>", sizeof(park::barrier<>)},
          {"park::mutex", sizeof(park::mutex)},
          {"park::condition_variable", sizeof(park::condition_variable)},
          {"park::event", sizeof(park::event)},
          {"park::bounded_queue<int>", sizeof(park::bounded_queue<int>)},
          {"std::latch", sizeof(std::latch)},
          {"std::counting_semaphore<>", sizeof(std::counting_semaphore<>)},
          {"std::barrier<>", sizeof(std::barrier<>)},
          {"std::mutex", sizeof(std::mutex)},
          {"std::condition_variable", sizeof(std::condition_variable)}};
}

json describe_tuning() {
  json all = json::array();
  for (const park::detail::constant& each : park::detail::constants) {
    all.push_back({{"name", each.name}, {"value", park::detail::tuned.*each.place}, {"what", each.what}});
  }
  return all;
}

json describe_library() {
  const std::string version = std::to_string(PARK_VERSION_MAJOR) + "." + std::to_string(PARK_VERSION_MINOR) + "." +
                              std::to_string(PARK_VERSION_PATCH);
  return {
      {"lot", park::native_lot::name},   {"arch", park::arch::name},   {"version", version},
      {"compiler", PARK_BENCH_COMPILER}, {"build_type", build_type()}, {"spin_budget_ns", park::spin_budget().count()},
      {"relax", park::relax_in_use()},   {"sizeof", describe_sizes()}, {"tuning", describe_tuning()}};
}

}  // namespace

#ifdef NDEBUG
const bool built_for_measuring = true;
const char* build_type() { return PARK_BENCH_BUILD_TYPE; }
#else
const bool built_for_measuring = false;
const char* build_type() { return PARK_BENCH_BUILD_TYPE " with assertions on"; }
#endif

json describe_machine() {
  const platform::identity who = platform::read_identity();
  json machine = {
      {"model", or_null(who.model)},   {"vendor", or_null(who.vendor)}, {"hypervisor", or_null(who.hypervisor)},
      {"kernel", or_null(who.kernel)}, {"os", or_null(who.os)},         {"container", or_null(who.container)}};
  machine.update(describe_topology());
  machine.update({{"hardware_concurrency", std::max(1u, std::thread::hardware_concurrency())},
                  {"usable_cpus", park::usable_cpus()},
                  {"affinity_cpus", park::detail::affinity_cpus()},
                  {"cgroup_quota_cpus", or_null(park::detail::cgroup_quota_cpus())}});
  machine.update(describe_clocks());
  machine["library"] = describe_library();
  return machine;
}

}  // namespace bench
