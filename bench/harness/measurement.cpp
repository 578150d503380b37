#include "harness/measurement.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

struct percentile {
  const char* counter;
  double quantile;
  std::uint64_t fewest_samples;  // below which it would be the maximum by another name
};

constexpr seconds shortest_for_fairness{0.99};

constexpr std::array percentiles{percentile{"p50_ns", 0.5, 2}, percentile{"p90_ns", 0.9, 10},
                                 percentile{"p99_ns", 0.99, 100}, percentile{"p999_ns", 0.999, 1000}};

void report_latency(benchmark::State& state, const latency_histogram& latency, double nanoseconds_per_tick) {
  for (const auto& [counter, quantile, fewest_samples] : percentiles) {
    if (latency.count() >= fewest_samples) state.counters[counter] = latency.at(quantile) * nanoseconds_per_tick;
  }
  if (latency.count() > 0) state.counters["max_ns"] = static_cast<double>(latency.greatest()) * nanoseconds_per_tick;
}

void report_cost(benchmark::State& state, const cost& spent, double operations) {
  const auto per_operation = [&](const char* counter, auto total) {
    state.counters[counter] = static_cast<double>(total) / operations;
  };
  if (spent.cpu) per_operation("cpu_ns_per_op", spent.cpu->count());
  if (spent.context_switches) per_operation("context_switches_per_op", *spent.context_switches);
  if (spent.system_calls) {
    per_operation("system_calls_per_op", spent.system_calls->all);
    per_operation("futex_calls_per_op", spent.system_calls->futex);
  }
}

// Jain's index is 1 where all shares are equal and 1/n where one thread has everything.
void report_fairness(benchmark::State& state, const std::vector<std::uint64_t>& shares) {
  double sum = 0, sum_of_squares = 0;
  for (const std::uint64_t share : shares) {
    sum += static_cast<double>(share);
    sum_of_squares += static_cast<double>(share) * static_cast<double>(share);
  }
  if (sum == 0) return;
  const auto [least, greatest] = std::minmax_element(shares.begin(), shares.end());
  state.counters["fairness_jain"] = sum * sum / (static_cast<double>(shares.size()) * sum_of_squares);
  state.counters["least_greatest_share"] = static_cast<double>(*least) / static_cast<double>(*greatest);
}

template <class Value, class Subtract>
std::optional<Value> difference(const std::optional<Value>& end, const std::optional<Value>& begin, Subtract subtract) {
  return end && begin ? std::optional<Value>(subtract(*end, *begin)) : std::nullopt;
}

}  // namespace

cost operator-(const cost& end, const cost& begin) {
  return {difference(end.cpu, begin.cpu, std::minus<>()),
          difference(end.context_switches, begin.context_switches, std::minus<>()),
          difference(end.system_calls, begin.system_calls, [](const auto& last, const auto& first) {
            return platform::system_calls{last.all - first.all, last.futex - first.futex};
          })};
}

void report(benchmark::State& state, const measurement& found) {
  if (found.operations == 0 || found.wall <= seconds::zero()) throw std::runtime_error("no operation was completed");
  const auto operations = static_cast<double>(found.operations);
  state.counters["ops"] = operations;
  state.counters["wall_s"] = found.wall.count();
  report_latency(state, found.latency, found.nanoseconds_per_tick);
  report_cost(state, found.spent, operations);
  for (const auto& [counter, value] : found.figures) state.counters[counter] = value;
  if (found.shares.size() > 1 && found.wall >= shortest_for_fairness) report_fairness(state, found.shares);
}

}  // namespace bench
