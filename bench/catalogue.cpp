#include "catalogue.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>

#include "harness/company.hpp"
#include "park/backoff.hpp"

namespace bench {
namespace {

// Static objects of the adaptors' files add to it, in an order that nobody promises.
std::vector<implementation>& added_implementations() {
  static std::vector<implementation> all;
  return all;
}

unsigned cpus() { return std::max(1u, std::thread::hardware_concurrency()); }

std::vector<unsigned> thread_counts(const cell& which, const std::vector<unsigned>& sweep, unsigned cpus) {
  const workload& of = *which.about;
  const std::string_view threads = of.threads;
  if (threads == "one") return {1};
  if (threads == "two") return {2};
  std::vector<unsigned> counts = sweep;
  std::erase_if(counts, [&](unsigned count) {
    return count < of.min_threads || count % of.threads_step != 0 || (which.cpu_for_each && count > cpus);
  });
  return counts;
}

const char* name_of(role part) {
  switch (part) {
    case role::standard:
      return "standard";
    case role::peer:
      return "peer";
    case role::floor:
      return "floor";
  }
  return "";
}

// Google Benchmark runs its function once and believes the time that it is told: nanoseconds per operation.
void run_timed(benchmark::State& state, measurement (*run)(const settings&), const settings& how, pin_policy pin) {
  const pin_list pins = pins_here(pin);
  if (!pins.why_not.empty())
    throw std::runtime_error(std::string("cannot pin by ") + name_of(pin) + ": " + pins.why_not);
  const scoped_pins here(pins.cpus);
  for (auto _ : state) {
    const measurement found = run(how);
    if (!pins.cpus.empty() && here.bound() < how.threads) throw std::runtime_error("not every thread has been pinned");
    report(state, found);
    if (!pins.cpus.empty()) {
      state.counters["pinned_cpus"] = static_cast<double>(std::min<std::size_t>(how.threads, pins.cpus.size()));
    }
    state.SetIterationTime(found.wall.count() / static_cast<double>(found.operations));
  }
}

// As Google Benchmark's own, which would see the names with all that it appends to them.
class name_filter {
 public:
  explicit name_filter(const std::string& filter) : negative_(filter.rfind('-', 0) == 0) {
    try {
      wanted_.assign(filter == "all" ? "" : filter.substr(negative_ ? 1 : 0),
                     std::regex::extended | std::regex::nosubs);
    } catch (const std::regex_error&) {
      throw usage_error("--benchmark_filter=" + filter +
                        " is no regular expression; correct it, or leave it out to measure all");
    }
  }

  bool operator()(const std::string& name) const { return std::regex_search(name, wanted_) != negative_; }

 private:
  bool negative_;
  std::regex wanted_;
};

template <class Run>
void with_errors_reported(benchmark::State& state, Run run) {
  try {
    run();
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

void register_cell(const std::string& name, const cell& which, const settings& how, pin_policy pin) {
  if (which.loop != nullptr) {
    benchmark::RegisterBenchmark(name.c_str(), [loop = which.loop](benchmark::State& state) {
      with_errors_reported(state, [&] {
        const company not_alone;
        loop(state);
      });
    })->MinTime(how.window.count());
  } else {
    benchmark::RegisterBenchmark(name.c_str(),
                                 [timed = which.timed, how, pin](benchmark::State& state) {
                                   with_errors_reported(state, [&] { run_timed(state, timed, how, pin); });
                                 })
        ->Iterations(1)
        ->UseManualTime();
  }
}

// The CPUs that threads can be on by a policy.
unsigned cpus_by(pin_policy pin) {
  return pin == pin_policy::none ? cpus() : static_cast<unsigned>(std::max<std::size_t>(1, pins_here(pin).cpus.size()));
}

std::string name_of_cell(const cell& which, const implementation& one, unsigned threads, pin_policy pin) {
  return std::string(which.about->name) + "/" + one.name + "/threads:" + std::to_string(threads) +
         (pin == pin_policy::none ? "" : std::string("/pin:") + name_of(pin));
}

// Calls visit(name, cell, threads, pin policy) for each; false if there is none.
template <class Visit>
bool for_each_selected(const options& wanted, Visit visit) {
  const name_filter selected(wanted.filter);
  bool any = false;
  for (const pin_policy pin : wanted.pins) {
    const unsigned cpus = cpus_by(pin);
    for (const implementation& one : implementations()) {
      for (const cell& which : one.cells) {
        if (pin != pin_policy::none && !which.follows_pins) continue;
        for (const unsigned threads : thread_counts(which, wanted.threads, cpus)) {
          const std::string name = name_of_cell(which, one, threads, pin);
          if (!selected(name)) continue;
          visit(name, which, threads, pin);
          any = true;
        }
      }
    }
  }
  return any;
}

// By what policies threads can be pinned here, and to which CPUs; or why not.
nlohmann::ordered_json list_pins() {
  nlohmann::ordered_json pins = nlohmann::ordered_json::array();
  for (const pin_policy one : all_pin_policies) {
    const pin_list found = pins_here(one);
    pins.push_back({{"name", name_of(one)}, {"cpus", found.cpus}});
    if (!found.why_not.empty()) pins.back()["why_not"] = found.why_not;
  }
  return pins;
}

}  // namespace

std::vector<implementation> implementations() {
  std::vector<implementation> all = added_implementations();
  std::sort(all.begin(), all.end(), [](const implementation& one, const implementation& other) {
    const auto rank = [](const implementation& of) {
      const std::string_view name = of.name;
      return std::tuple(name != own_implementation, of.part, name);
    };
    return rank(one) < rank(other);
  });
  return all;
}

void add_implementation(implementation added) { added_implementations().push_back(std::move(added)); }

void register_cells(const options& wanted) {
  const auto enter = [&](const std::string& name, const cell& which, unsigned threads, pin_policy pin) {
    register_cell(name, which, {threads, wanted.cell_seconds}, pin);
  };
  const bool any = for_each_selected(wanted, enter);
  if (!any) {
    throw usage_error("no cell matches --benchmark_filter=" + wanted.filter +
                      "; park_bench --list_cells prints what there is");
  }
}

std::vector<std::string> list_names(const options& wanted) {
  std::vector<std::string> names;
  for_each_selected(wanted, [&](const std::string& name, const cell&, unsigned, pin_policy) { names.push_back(name); });
  return names;
}

nlohmann::ordered_json list_cells() {
  nlohmann::ordered_json workloads = nlohmann::ordered_json::array(), peers = workloads, cells = workloads;
  const auto list = [&](const workload& about, bool follows) {
    workloads.push_back({{"name", about.name},
                         {"title", about.title},
                         {"what", about.what},
                         {"unit", about.unit},
                         {"kind", about.kind},
                         {"threads", about.threads},
                         {"min_threads", about.min_threads},
                         {"threads_step", about.threads_step},
                         {"times_cpus", nlohmann::ordered_json::array()},
                         {"fairness", about.fairness},
                         {"follows_pins", follows},
                         {"on_demand", about.on_demand}});
    for (const unsigned times : about.times_cpus) {
      if (times > 0) workloads.back()["times_cpus"].push_back(times);
    }
  };
  std::apply([&](auto... each) { (list(decltype(each)::about, follows_pins<decltype(each)>()), ...); },
             all_workloads());
  for (const implementation& one : implementations()) {
    peers.push_back({{"name", one.name}, {"title", one.title}, {"role", name_of(one.part)}});
    for (const cell& which : one.cells) {
      cells.push_back({{"workload", which.about->name}, {"implementation", one.name}});
      if (which.cpu_for_each) cells.back()["max_threads"] = cpus();
    }
  }
  return {{"workloads", workloads},
          {"implementations", peers},
          {"cells", cells},
          {"absent", nlohmann::ordered_json::parse(PARK_BENCH_ABSENT)},
          {"pins", list_pins()},
          {"hardware_concurrency", cpus()},
          {"usable_cpus", park::usable_cpus()}};
}

}  // namespace bench
