#include "probe.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "harness/stopwatch.hpp"
#include "harness/tick_clock.hpp"
#include "machine.hpp"
#include "park/park.hpp"
#include "platform/pinning.hpp"

namespace bench {
namespace {

using json = nlohmann::ordered_json;
using lot = park::native_lot;

struct alignas(128) word {
  lot::atomic<std::uint32_t> value{0};
};

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Nanoseconds from a store on one CPU until a thread that polls it on the other has seen it: half of a round trip, the best of many, since
// whatever disturbs one only makes it longer.
double hand_over(unsigned first, unsigned second) {
  constexpr std::uint32_t batches = 50, trips = 200;
  word turn;
  std::thread partner([&] {
    platform::pin_to({second});
    for (std::uint32_t trip = 0; trip < batches * trips; ++trip) {
      while (turn.value.load(std::memory_order_acquire) != 2 * trip + 1) {
      }
      turn.value.store(2 * trip + 2, std::memory_order_release);
    }
  });
  double best = std::numeric_limits<double>::max();
  std::thread([&] {
    platform::pin_to({first});
    std::uint32_t trip = 0;
    for (std::uint32_t batch = 0; batch < batches; ++batch) {
      const auto begin = std::chrono::steady_clock::now();
      for (std::uint32_t end = trip + trips; trip < end; ++trip) {
        turn.value.store(2 * trip + 1, std::memory_order_release);
        while (turn.value.load(std::memory_order_acquire) != 2 * trip + 2) {
        }
      }
      const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - begin;
      best = std::min(best, elapsed.count() / (2 * trips));
    }
  }).join();
  partner.join();
  return best;
}

// Until the word is `value`.
void sleep_until(const word& here, std::uint32_t value) {
  for (std::uint32_t seen = 0; (seen = here.value.load(std::memory_order_acquire)) != value;) {
    lot::park(lot::whole(here.value), seen, park::deadline::never());
  }
}

struct wake_cost {
  double unpark_ns;   // the call, of the thread that wakes
  double latency_ns;  // from before that call until the sleeper runs again
};

// A thread asleep on one CPU is woken from another, or from the same: then the one that wakes goes to sleep, and makes room.
wake_cost wake(unsigned waker, unsigned sleeper) {
  constexpr std::uint32_t rounds = 201;
  constexpr auto to_fall_asleep = std::chrono::microseconds(200);
  word go, done;
  std::uint64_t woken = 0;
  const tick_clock::calibration calibration;
  std::thread partner([&] {
    platform::pin_to({sleeper});
    for (std::uint32_t round = 1; round <= rounds; ++round) {
      sleep_until(go, round);
      woken = park::arch::ticks();
      done.value.store(round, std::memory_order_release);
      lot::unpark(lot::whole(done.value), 1);
    }
  });
  std::vector<double> unparks, latencies;
  std::thread([&] {
    platform::pin_to({waker});
    for (std::uint32_t round = 1; round <= rounds; ++round) {
      std::this_thread::sleep_for(to_fall_asleep);
      const std::uint64_t begin = park::arch::ticks();
      go.value.store(round, std::memory_order_release);
      lot::unpark(lot::whole(go.value), 1);
      const std::uint64_t end = park::arch::ticks();
      sleep_until(done, round);
      unparks.push_back(static_cast<double>(end - begin));
      latencies.push_back(woken > begin ? static_cast<double>(woken - begin) : 0);
    }
  }).join();
  partner.join();
  const double rate = calibration.nanoseconds_per_tick();
  return {median(unparks) * rate, median(latencies) * rate};
}

json describe_relax() {
  const tick_clock::calibration calibration;
  double ns = 0;
  std::thread([&] { ns = cost_of([] { park::arch::relax(); }); }).join();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return {{"ns", ns}, {"ticks", ns / calibration.nanoseconds_per_tick()}, {"in_use", park::relax_in_use()}};
}

json describe(const wake_cost& cost) { return {{"unpark_ns", cost.unpark_ns}, {"latency_ns", cost.latency_ns}}; }

}  // namespace

json probe() {
  const std::vector<unsigned> cpus = platform::allowed_cpus();
  json pairs = json::array();
  for (std::size_t one = 0; one < cpus.size(); ++one) {
    for (std::size_t other = one + 1; other < cpus.size(); ++other) {
      pairs.push_back({{"cpus", {cpus[one], cpus[other]}}, {"ns", hand_over(cpus[one], cpus[other])}});
    }
  }
  json same = nullptr, other = nullptr, rule = nullptr;
  if (!cpus.empty()) same = describe(wake(cpus[0], cpus[0]));
  if (cpus.size() > 1) {
    const wake_cost cost = wake(cpus[0], cpus[1]);
    other = describe(cost);
    rule = std::lround(cost.unpark_ns + cost.latency_ns);
  }
  return {{"machine", describe_machine()},
          {"relax", describe_relax()},
          {"hand_over", pairs},
          {"wake", {{"lot", lot::name}, {"same_cpu", same}, {"other_cpu", other}}},
          {"spin_budget_ns", {{"by_the_rule", rule}, {"in_use", park::spin_budget().count()}}}};
}

}  // namespace bench
