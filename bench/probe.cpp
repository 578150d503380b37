#include "probe.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core_to_core.hpp"
#include "harness/pin_policy.hpp"
#include "harness/stopwatch.hpp"
#include "harness/tick_clock.hpp"
#include "machine.hpp"
#include "park/park.hpp"
#include "platform/pinning.hpp"
#include "platform/topology.hpp"

namespace bench {
namespace {

using json = nlohmann::ordered_json;
using clock = std::chrono::steady_clock;
using cpu_list = std::vector<unsigned>;

constexpr std::chrono::seconds patience{5};  // for each of the two matrices
constexpr double seconds_of_wakes = 2;       // what that of wakes should take
constexpr double seconds_of_a_wake = 0.00025;
constexpr unsigned fewest_wakes = 21;

// Figures by two CPUs, as rows of a matrix; null where nothing was measured.
class matrix {
 public:
  explicit matrix(std::size_t size) : rows_(json::array()) {
    for (std::size_t row = 0; row < size; ++row) rows_.push_back(std::vector<json>(size, nullptr));
  }
  void set(std::size_t row, std::size_t column, double value) { rows_[row][column] = value; }
  const json& rows() const noexcept { return rows_; }

 private:
  json rows_;
};

using index_pair = std::pair<std::size_t, std::size_t>;

// Calls measure(pair) for each in an order of chance, so that those for which there is no time are from everywhere; how many there was time for.
std::size_t visit(std::vector<index_pair> pairs, const std::function<void(const index_pair&)>& measure) {
  std::shuffle(pairs.begin(), pairs.end(), std::mt19937(7));
  const auto end = clock::now() + patience;
  std::size_t done = 0;
  for (; done < pairs.size() && clock::now() < end; ++done) measure(pairs[done]);
  return done;
}

class report {
 public:
  report() : allowed_(platform::allowed_cpus()), near_(in_order_of_nearness(platform::read_topology(), allowed_)) {}

  json atomics() {
    const cpu_list cpus = sample(most_cpus_for_atomics, "of cache lines");
    matrix ns(cpus.size());
    std::vector<index_pair> pairs;
    for (std::size_t row = 0; row < cpus.size(); ++row) {
      for (std::size_t column = row + 1; column < cpus.size(); ++column) pairs.emplace_back(row, column);
    }
    const std::size_t done = visit(pairs, [&](const index_pair& at) {
      const auto found = hand_over(cpus[at.first], cpus[at.second]);
      if (!found) return refuse();
      ns.set(at.first, at.second, *found);
      ns.set(at.second, at.first, *found);
    });
    tell_of_time("of cache lines", done, pairs.size());
    return {{"cpus", cpus}, {"ns", ns.rows()}};
  }

  json wakes() {
    const cpu_list cpus = sample(most_cpus_for_wakes, "of wakes");
    matrix unpark(cpus.size()), latency(cpus.size());
    std::vector<index_pair> pairs;
    for (std::size_t row = 0; row < cpus.size(); ++row) {
      for (std::size_t column = 0; column < cpus.size(); ++column) pairs.emplace_back(row, column);
    }
    const double affordable =
        seconds_of_wakes / (seconds_of_a_wake * static_cast<double>(std::max<std::size_t>(1, pairs.size())));
    const auto rounds = static_cast<unsigned>(std::clamp<double>(affordable, fewest_wakes, most_wakes));
    const std::size_t done = visit(pairs, [&](const index_pair& at) {
      const auto found = wake(cpus[at.first], cpus[at.second], rounds);
      if (!found) return refuse();
      unpark.set(at.first, at.second, found->unpark_ns);
      latency.set(at.first, at.second, found->latency_ns);
    });
    tell_of_time("of wakes", done, pairs.size());
    return {{"lot", park::native_lot::name},
            {"rounds", rounds},
            {"cpus", cpus},
            {"unpark_ns", unpark.rows()},
            {"latency_ns", latency.rows()}};
  }

  // By the rule of src/tuning.hpp: what it costs to wake a thread on another CPU. With the diagonal's cost beside it.
  json summary() const {
    json same = nullptr, other = nullptr;
    if (!allowed_.empty()) same = describe(wake(allowed_[0], allowed_[0]));
    if (allowed_.size() > 1) other = describe(wake(allowed_[0], allowed_[1]));
    return {{"lot", park::native_lot::name}, {"same_cpu", same}, {"other_cpu", other}};
  }

  // What limits what could be measured.
  json notes(const json& machine) {
    for (std::string& limit : limits_of(machine, allowed_)) note(std::move(limit));
    if (refused_) note("the system refused to bind threads to some CPUs: their figures are missing");
    return notes_;
  }

 private:
  static constexpr unsigned most_cpus_for_atomics = 32, most_cpus_for_wakes = 16;

  static json describe(const std::optional<wake_cost>& cost) {
    if (!cost) return nullptr;
    return {{"unpark_ns", cost->unpark_ns}, {"latency_ns", cost->latency_ns}};
  }

  cpu_list sample(unsigned most, const char* what) {
    const cpu_list cpus = sample_of(near_, most);
    if (cpus.size() < near_.size()) {
      note(std::string("the matrix ") + what + " is of " + std::to_string(cpus.size()) + " of " +
           std::to_string(near_.size()) + " CPUs, four neighbours each time");
    }
    return cpus;
  }

  void tell_of_time(const char* what, std::size_t done, std::size_t pairs) {
    if (done == pairs) return;
    note("there was time for " + std::to_string(done) + " of " + std::to_string(pairs) + " pairs of the matrix " +
         what);
  }

  void refuse() { refused_ = true; }
  void note(std::string text) { notes_.push_back(std::move(text)); }

  const cpu_list allowed_, near_;
  json notes_ = json::array();
  bool refused_ = false;
};

json describe_relax() {
  const tick_clock::calibration calibration;
  double ns = 0;
  std::thread([&] { ns = cost_of([] { park::arch::relax(); }); }).join();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return {{"ns", ns}, {"ticks", ns / calibration.nanoseconds_per_tick()}, {"in_use", park::relax_in_use()}};
}

json by_the_rule(const json& wakes) {
  const json& other = wakes.at("other_cpu");
  if (other.is_null()) return nullptr;
  return std::lround(other.at("unpark_ns").get<double>() + other.at("latency_ns").get<double>());
}

}  // namespace

std::vector<std::string> limits_of(const json& machine, const std::vector<unsigned>& allowed) {
  std::vector<std::string> limits;
  const std::size_t there_are = machine.at("cpus").size();
  if (allowed.empty())
    limits.push_back("this platform binds no thread to a CPU: nothing could be measured between CPUs");
  if (allowed.size() == 1) limits.push_back("the process may use one CPU only: there is no other to measure to");
  if (!allowed.empty() && allowed.size() < there_are) {
    limits.push_back("the process may use " + std::to_string(allowed.size()) + " of the machine's " +
                     std::to_string(there_are) + " CPUs (affinity mask or cpuset)");
  }
  if (const json& quota = machine.at("cgroup_quota_cpus"); quota.is_number()) {
    limits.push_back("a quota allows the CPU time of " + quota.dump() +
                     " CPUs: threads may be stopped while they measure; figures are the best or the middle of many");
  }
  if (const json& container = machine.at("container"); container.is_string()) {
    limits.push_back("this is a container (" + container.get<std::string>() + "): others on the machine are not seen");
  }
  return limits;
}

json probe() {
  report found;
  const json machine = describe_machine();
  const json relax = describe_relax(), atomics = found.atomics(), wakes = found.wakes(), summary = found.summary();
  return {{"machine", machine},
          {"relax", relax},
          {"atomics", atomics},
          {"wakes", wakes},
          {"wake", summary},
          {"spin_budget_ns", {{"by_the_rule", by_the_rule(summary)}, {"in_use", park::spin_budget().count()}}},
          {"notes", found.notes(machine)}};
}

}  // namespace bench
