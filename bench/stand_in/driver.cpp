#include "driver.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "machine.hpp"

std::vector<benchmark::Registered>& benchmark::registered() {
  static std::vector<Registered> all;
  return all;
}

namespace bench {
namespace {

using json = nlohmann::ordered_json;
using benchmark::State;

// Ever more iterations until they take as long as they should: ten times as many, or what the last suggests and 40% more.
State run_long_enough(const benchmark::Registered& one) {
  for (std::int64_t iterations = std::max<std::int64_t>(1, one.iterations);;) {
    State state(iterations);
    one.run(state);
    if (one.iterations > 0 || !state.error().empty() || state.seconds() >= one.min_time) return state;
    const double suggested = 1.4 * one.min_time / std::max(state.seconds(), 1e-9);
    iterations = std::max(iterations + 1,
                          static_cast<std::int64_t>(static_cast<double>(iterations) * std::min(10.0, suggested)));
  }
}

json entry_of(const benchmark::Registered& one) {
  const State state = run_long_enough(one);
  json entry{{"name", one.name}, {"run_name", one.name}, {"run_type", "iteration"}};
  if (!state.error().empty()) {
    entry["error_occurred"] = true;
    entry["error_message"] = state.error();
    return entry;
  }
  const double nanoseconds = 1e9 * state.seconds() / static_cast<double>(state.iterations());
  entry["iterations"] = state.iterations();
  entry["real_time"] = nanoseconds;
  entry["cpu_time"] = nanoseconds;
  entry["time_unit"] = "ns";
  for (const auto& [counter, value] : state.counters) entry[counter] = value;
  return entry;
}

}  // namespace

void run_registered(int argc, char** argv, const options& wanted) {
  for (int index = 1; index < argc; ++index) {
    const std::string_view flag = argv[index];
    if (!flag.starts_with("--benchmark_out") && !flag.starts_with("--benchmark_format=")) {
      throw usage_error("unknown flag " + std::string(flag) + "; park_bench --help lists them");
    }
  }
  json document{{"context", {{"park_build_type", build_type()}}}, {"benchmarks", json::array()}};
  for (const benchmark::Registered& one : benchmark::registered()) {
    document["benchmarks"].push_back(entry_of(one));
    if (wanted.display_format == "console") std::cout << document["benchmarks"].back().dump() << std::endl;
  }
  if (wanted.display_format == "json") std::cout << document.dump(2) << std::endl;
  if (!wanted.file.empty()) std::ofstream(wanted.file) << document.dump(2) << '\n';
}

}  // namespace bench
