// Every kind of wait that the library has, in every lot, behind one interface: for tests of what all waits share, which are timeouts,
// signals and stop requests.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <ostream>
#include <ratio>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "support/clocks.hpp"
#include "support/mini_stop.hpp"
#include "support/observed_lot.hpp"

namespace support {

// Timeouts and times of every type that the tests try.
using samples = std::chrono::duration<std::int64_t, std::ratio<1, 44100>>;
using timeout =
    std::variant<std::chrono::nanoseconds, std::chrono::hours, std::chrono::duration<double>,
                 std::chrono::duration<double, std::nano>, std::chrono::duration<float, std::milli>,
                 std::chrono::duration<std::int64_t, std::pico>, std::chrono::duration<std::uint64_t>, samples>;
using time_point = std::variant<std::chrono::steady_clock::time_point, std::chrono::system_clock::time_point,
                                float_clock::time_point, hour_clock::time_point, centisecond_clock::time_point,
                                slow_clock::time_point, jumping_clock::time_point, late_epoch_clock::time_point,
                                sample_clock::time_point, unsigned_clock::time_point>;
using stop_token = std::variant<std::stop_token, mini_stop_source::token>;

// An object and the one wait on it that is under test.
class any_wait {
 public:
  virtual ~any_wait() = default;

  // Makes what one wait waits for come true.
  virtual void satisfy() = 0;

  // Nothing has been satisfied, and no wait has taken anything.
  virtual bool untouched() const = 0;

  virtual void wait() = 0;
  virtual bool wait(stop_token stop) = 0;
  virtual bool wait_for_any(timeout time) = 0;
  virtual bool wait_for(stop_token stop, std::chrono::nanoseconds time) = 0;
  virtual bool wait_until(time_point time) = 0;
  virtual bool wait_until(stop_token stop, time_point time) = 0;

  // In the type of `time` where it is one of those above, else in nanoseconds.
  template <class Duration>
  bool wait_for(Duration time) {
    if constexpr (requires { timeout(std::in_place_type<Duration>, time); }) {
      return wait_for_any(timeout(std::in_place_type<Duration>, time));
    } else {
      return wait_for_any(std::chrono::nanoseconds(time));
    }
  }
};

struct kind_of_wait {
  std::string name;
  int parked;             // threads of the object's own that are parked all the while
  bool signals_end_park;  // the futex lot returns from park at each signal; the portable one goes on waiting by itself
  std::unique_ptr<any_wait> (*make)();
  std::unique_ptr<common_observations> (
      *observe)();  // what the kind's lot is asked from now on, until the end of its life
};

inline void PrintTo(const kind_of_wait& kind, std::ostream* out) { *out << kind.name; }

const std::vector<kind_of_wait>& all_kinds_of_wait();

// Those with no parked thread of their own, where a wake can only be for the wait under test.
std::vector<kind_of_wait> kinds_of_wait_alone();

// A test of every kind of wait; `seen` tells what the lot was asked.
class waiting : public testing::TestWithParam<kind_of_wait> {
 protected:
  std::unique_ptr<any_wait> make() const { return GetParam().make(); }

  // Return once so many waits under test are inside park.
  void until_waiting(int waits = 1) const {
    while (seen.parked < waits * (GetParam().parked + 1)) std::this_thread::yield();
  }

 private:
  const std::unique_ptr<common_observations> owner_ = GetParam().observe();

 protected:
  common_observations& seen = *owner_;
};

#define PARK_TESTS_INSTANTIATE(suite) PARK_TESTS_INSTANTIATE_OVER(suite, support::all_kinds_of_wait())
#define PARK_TESTS_INSTANTIATE_OVER(suite, kinds)                  \
  INSTANTIATE_TEST_SUITE_P(waits, suite, testing::ValuesIn(kinds), \
                           [](const testing::TestParamInfo<support::kind_of_wait>& kind) { return kind.param.name; })

}  // namespace support
