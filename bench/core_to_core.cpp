#include "core_to_core.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <thread>

#include "harness/tick_clock.hpp"
#include "park/park.hpp"
#include "platform/pinning.hpp"

namespace bench {
namespace {

using clock = std::chrono::steady_clock;
using lot = park::native_lot;

struct alignas(128) word {
  lot::atomic<std::uint32_t> value{0};
};

// Two threads, each bound to its CPU. Neither begins before both are: of a pair of which one cannot be, nothing can be told.
class pair {
 public:
  template <class One, class Other>
  bool run(unsigned first, unsigned second, One one, Other other) {
    std::thread partner([&] { take_part(second, other); });
    std::thread([&] { take_part(first, one); }).join();
    partner.join();
    return bound_.load() == 2;
  }

 private:
  template <class Body>
  void take_part(unsigned cpu, Body& body) {
    if (platform::pin_to({cpu})) bound_.fetch_add(1);
    there_.fetch_add(1);
    while (there_.load() < 2) std::this_thread::yield();
    if (bound_.load() == 2) body();
  }

  std::atomic<int> bound_{0}, there_{0};
};

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Until the word is `value`.
void sleep_until(const word& here, std::uint32_t value) {
  for (std::uint32_t seen = 0; (seen = here.value.load(std::memory_order_acquire)) != value;) {
    lot::park(lot::whole(here.value), seen, park::deadline::never());
  }
}

}  // namespace

std::optional<double> hand_over(unsigned first, unsigned second, std::chrono::nanoseconds patience) {
  constexpr std::uint32_t batches = 50, few = 10, trips = 200, over = std::numeric_limits<std::uint32_t>::max();
  word turn;
  double best = std::numeric_limits<double>::max();
  const auto lead = [&] {
    const auto start = clock::now();
    std::uint32_t trip = 0;
    for (std::uint32_t batch = 0; batch < batches; ++batch) {
      const auto begin = clock::now();
      if (batch > 0 && begin - start > patience) break;
      const std::uint32_t size = batch == 0 ? few : trips;
      for (const std::uint32_t end = trip + size; trip < end; ++trip) {
        turn.value.store(2 * trip + 1, std::memory_order_release);
        while (turn.value.load(std::memory_order_acquire) != 2 * trip + 2) {
        }
      }
      const std::chrono::duration<double, std::nano> elapsed = clock::now() - begin;
      const double each = elapsed.count() / (2 * size);
      best = batch < 2 ? each : std::min(best, each);  // the first, of few trips, only where there is no second
    }
    turn.value.store(over, std::memory_order_release);
  };
  const auto follow = [&] {
    for (std::uint32_t next = 1;; next += 2) {
      std::uint32_t seen = 0;
      while ((seen = turn.value.load(std::memory_order_acquire)) != next && seen != over) {
      }
      if (seen == over) break;
      turn.value.store(next + 1, std::memory_order_release);
    }
  };
  return pair().run(first, second, lead, follow) ? std::optional(best) : std::nullopt;
}

std::optional<wake_cost> wake(unsigned waker, unsigned sleeper, unsigned rounds) {
  constexpr auto to_fall_asleep = std::chrono::microseconds(200);
  word go, done;
  std::uint64_t woken = 0;
  std::vector<double> unparks, latencies;
  const tick_clock::calibration calibration;
  const auto wakes = [&] {
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
  };
  const auto sleeps = [&] {
    for (std::uint32_t round = 1; round <= rounds; ++round) {
      sleep_until(go, round);
      woken = park::arch::ticks();
      done.value.store(round, std::memory_order_release);
      lot::unpark(lot::whole(done.value), 1);
    }
  };
  if (!pair().run(waker, sleeper, wakes, sleeps)) return std::nullopt;
  const double rate = calibration.nanoseconds_per_tick();
  return wake_cost{median(unparks) * rate, median(latencies) * rate};
}

std::vector<unsigned> sample_of(const std::vector<unsigned>& cpus, unsigned most) {
  constexpr std::size_t together = 4;
  if (cpus.size() <= most) return cpus;
  const std::size_t runs = std::max<std::size_t>(1, most / together), length = std::min<std::size_t>(together, most);
  std::vector<unsigned> sample;
  for (std::size_t run = 0; run < runs; ++run) {
    const std::size_t begin = run * cpus.size() / runs;
    for (std::size_t index = begin; index < begin + length; ++index) sample.push_back(cpus[index]);
  }
  return sample;
}

}  // namespace bench
