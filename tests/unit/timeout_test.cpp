// What every timed wait promises (law 8): over every kind of wait that the library has, in every lot.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <stdexcept>

#include "support/clocks.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/waits.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::duration;
using std::chrono::steady_clock;
using std::chrono::system_clock;

class timeout : public support::waiting {};
PARK_TESTS_INSTANTIATE(timeout);

class timeout_alone : public timeout {};
PARK_TESTS_INSTANTIATE_OVER(timeout_alone, support::kinds_of_wait_alone());

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST_P(timeout, no_time_is_no_wait) {
  const auto wait = make();
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait_for(0s));
  EXPECT_FALSE(wait->wait_for(duration<double>(0.0)));
  EXPECT_FALSE(wait->wait_until(steady_clock::now()));
  EXPECT_EQ(before, seen.parks);
  EXPECT_EQ(0, seen.unparks);
  EXPECT_TRUE(wait->untouched());
}

TEST_P(timeout_alone, no_time_leaves_no_trace) {
  const auto wait = make();
  EXPECT_FALSE(wait->wait_for(0s));
  EXPECT_FALSE(wait->wait_until(steady_clock::now() - 1s));
  wait->satisfy();
  EXPECT_EQ(0, seen.unparks);
}

TEST_P(timeout, negative_times_are_no_time) {
  const auto wait = make();
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait_for(-1ns));
  EXPECT_FALSE(wait->wait_for(-1h));
  EXPECT_FALSE(wait->wait_for(std::chrono::hours::min()));
  EXPECT_FALSE(wait->wait_for(std::chrono::nanoseconds::min()));
  EXPECT_FALSE(wait->wait_for(duration<double>(-infinity)));
  EXPECT_EQ(before, seen.parks);
}

TEST_P(timeout, not_a_number_is_no_time) {
  const auto wait = make();
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait_for(duration<double>(nan)));
  EXPECT_FALSE(wait->wait_for(duration<float, std::milli>(static_cast<float>(nan))));
  EXPECT_EQ(before, seen.parks);
}

TEST_P(timeout, deadlines_past_are_no_wait) {
  const auto wait = make();
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait_until(steady_clock::now() - 1s));
  EXPECT_FALSE(wait->wait_until(steady_clock::time_point::min()));
  EXPECT_FALSE(wait->wait_until(system_clock::now() - 1h));
  EXPECT_FALSE(wait->wait_until(system_clock::time_point()));
  EXPECT_FALSE(wait->wait_until(system_clock::time_point::min()));
  EXPECT_EQ(before, seen.parks);
}

TEST_P(timeout, deadlines_past_on_other_clocks_are_no_wait) {
  const auto wait = make();
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait_until(support::float_clock::now()));
  EXPECT_FALSE(wait->wait_until(support::hour_clock::now() - 1h));
  EXPECT_FALSE(wait->wait_until(support::late_epoch_clock::time_point::min()));
  EXPECT_FALSE(wait->wait_until(support::unsigned_clock::now()));
  EXPECT_EQ(before, seen.parks);
}

TEST_P(timeout, a_time_of_another_clock_that_is_not_a_number_is_past) {
  const auto wait = make();
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait_until(support::float_clock::time_point(support::float_clock::duration(nan))));
  EXPECT_EQ(before, seen.parks);
}

TEST_P(timeout, the_least_time_of_another_clock_is_past) {
  const auto wait = make();
  const int before = seen.parks;
  std::atomic<bool> returned{false};
  support::crew crew(1, [&](int) {
    EXPECT_FALSE(wait->wait_until(support::hour_clock::time_point::min()));
    returned = true;
  });
  support::eventually([&] { return returned || seen.parks > before; });
  EXPECT_EQ(before, seen.parks);
  if (seen.parks > before) wait->satisfy();
}

TEST_P(timeout, what_is_there_is_taken_without_time) {
  const auto wait = make();
  wait->satisfy();
  // Once the threads of the kind's own are done; until then it is not there.
  support::eventually([&] { return wait->wait_for(0s); });
}

template <class Clock>
void expect_never_early(support::any_wait& wait, typename Clock::duration time) {
  const auto deadline = Clock::now() + time;
  EXPECT_FALSE(wait.wait_until(deadline));
  EXPECT_GE(Clock::now(), deadline);
}

TEST_P(timeout, is_never_false_before_the_deadline) {
  const auto wait = make();
  const auto begin = steady_clock::now();
  EXPECT_FALSE(wait->wait_for(3ms));
  EXPECT_GE(steady_clock::now() - begin, 3ms);
  expect_never_early<steady_clock>(*wait, 3ms);
  expect_never_early<system_clock>(*wait, 3ms);
  EXPECT_TRUE(wait->untouched());
}

TEST_P(timeout, is_never_false_before_the_deadline_on_a_clock_of_its_own) {
  const auto wait = make();
  expect_never_early<support::float_clock>(*wait, support::float_clock::duration(2));
  expect_never_early<support::slow_clock>(*wait, 1ms);
  expect_never_early<support::unsigned_clock>(*wait, support::unsigned_clock::duration(2'000'000));
  expect_never_early<support::hour_clock>(*wait, -1h);
  expect_never_early<support::centisecond_clock>(*wait, support::centisecond_clock::duration(1));
}

// By the steady clock the wait is over each time, by its own it is not.
TEST_P(timeout, another_clock_is_looked_at_again_after_each_wait) {
  const auto wait = make();
  const auto deadline = support::slow_clock::now() + 1ms;
  const int before = support::slow_clock::looks;
  EXPECT_FALSE(wait->wait_until(deadline));
  EXPECT_EQ(before + 1ms / 200us, support::slow_clock::looks);
}

// A wait until a time on a clock that stands still, in a thread of its own.
class timeout_on_a_clock_that_jumps : public support::waiting {
 protected:
  ~timeout_on_a_clock_that_jumps() override { support::jumping_clock::breaks = false; }

  static support::jumping_clock::time_point in_an_hour() { return support::jumping_clock::now() + 1h; }
};
PARK_TESTS_INSTANTIATE(timeout_on_a_clock_that_jumps);

TEST_P(timeout_on_a_clock_that_jumps, sleeps_for_a_second_at_most_and_then_asks_it) {
  const auto wait = make();
  const std::size_t before = seen.deadlines().size();
  const auto time = in_an_hour();
  support::crew waiter(1, [&](int) { EXPECT_FALSE(wait->wait_until(time)); });
  until_waiting();
  const auto latest = steady_clock::now() + 1s;
  const auto log = seen.deadlines();
  for (std::size_t call = before; call < log.size(); ++call) {
    EXPECT_EQ(park::deadline::clock::steady, log[call].which());
    if (!log[call].is_never()) {  // as those of the object's own threads are
      EXPECT_LE(log[call].since_epoch(), latest.time_since_epoch());
    }
  }
  support::jumping_clock::hours += 2;
  seen.wake_last();  // so that this test need not wait for the end of the second
}

TEST_P(timeout_on_a_clock_that_jumps, ends_by_what_it_waits_for_all_the_same) {
  const auto wait = make();
  const auto time = in_an_hour();
  support::crew waiter(1, [&](int) { EXPECT_TRUE(wait->wait_until(time)); });
  until_waiting();
  wait->satisfy();
}

TEST_P(timeout_on_a_clock_that_jumps, throws_what_the_clock_throws_and_has_taken_nothing) {
  const auto wait = make();
  const auto time = in_an_hour();
  {
    support::crew waiter(1, [&](int) { EXPECT_THROW(static_cast<void>(wait->wait_until(time)), std::runtime_error); });
    until_waiting();
    support::jumping_clock::breaks = true;
    seen.wake_last();
  }
  support::jumping_clock::breaks = false;
  EXPECT_TRUE(wait->untouched());
}

TEST_P(timeout, fractions_of_a_nanosecond_are_rounded_up) {
  const auto wait = make();
  const duration<std::int64_t, std::pico> time(1'000'000'001);
  const auto begin = steady_clock::now();
  EXPECT_FALSE(wait->wait_for(time));
  EXPECT_GT(steady_clock::now() - begin, 1ms);
  EXPECT_FALSE(wait->wait_for(duration<double, std::nano>(0.25)));
}

// Waits that only satisfy() ends.
class huge_timeout : public support::waiting {
 protected:
  template <class Start>
  void expect_to_wait(Start start) {
    const auto wait = make();
    const int before = seen.looks;
    {
      std::atomic<bool> over{false};
      support::crew crew(1, [&](int) {
        EXPECT_TRUE(start(*wait));
        over = true;
      });
      // Looking again and again without ever parking is no way to wait.
      support::eventually([&] { return over || seen.parked > GetParam().parked || seen.looks > before + 100; });
      EXPECT_LE(seen.looks, before + 100);
      wait->satisfy();
    }
    support::eventually([&] { return seen.parked == 0; });
  }
};
PARK_TESTS_INSTANTIATE(huge_timeout);

TEST_P(huge_timeout, of_any_type_neither_overflows_nor_ends) {
  expect_to_wait([](support::any_wait& wait) { return wait.wait_for(std::chrono::hours::max()); });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_for(std::chrono::nanoseconds::max()); });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_for(duration<double>(infinity)); });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_for(duration<double, std::nano>(1e300)); });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_for(duration<std::uint64_t>(~std::uint64_t{0})); });
}

TEST_P(huge_timeout, deadlines_of_any_clock_neither_overflow_nor_end) {
  expect_to_wait([](support::any_wait& wait) { return wait.wait_until(steady_clock::time_point::max()); });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_until(system_clock::time_point::max()); });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_until(support::hour_clock::time_point::max()); });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_until(support::float_clock::time_point::max()); });
}

// A year of audio samples: a period that is no whole number of nanoseconds.
TEST_P(huge_timeout, in_an_odd_unit_does_not_overflow) {
  expect_to_wait(
      [](support::any_wait& wait) { return wait.wait_for(std::chrono::duration_cast<support::samples>(24h * 365)); });
}

TEST_P(huge_timeout, on_a_clock_of_an_odd_unit_does_not_overflow) {
  expect_to_wait([](support::any_wait& wait) {
    return wait.wait_until(support::sample_clock::now() + std::chrono::duration_cast<support::samples>(24h * 365));
  });
  expect_to_wait([](support::any_wait& wait) { return wait.wait_until(support::sample_clock::time_point::max()); });
}

TEST_P(huge_timeout, on_a_clock_whose_epoch_is_to_come_does_not_overflow) {
  expect_to_wait([](support::any_wait& wait) { return wait.wait_until(support::late_epoch_clock::time_point::max()); });
}

TEST_P(timeout, a_wake_for_no_reason_waits_on_to_the_same_deadline) {
  const auto wait = make();
  const std::size_t before = seen.deadlines().size();
  {
    support::crew waiter(1, [&](int) { EXPECT_TRUE(wait->wait_for(24h)); });
    until_waiting();
    while (seen.deadlines().size() < before + 3) {
      seen.wake_last();
      std::this_thread::yield();
    }
    wait->satisfy();
  }
  const auto log = seen.deadlines();
  for (std::size_t call = before; call < before + 3; ++call) {
    EXPECT_EQ(log[before].since_epoch(), log[call].since_epoch());
  }
}

TEST_P(timeout, a_deadline_of_the_system_clock_is_waited_for_on_that_clock) {
  const auto wait = make();
  const std::size_t before = seen.deadlines().size();
  system_clock::time_point deadline;
  do {  // again where its time is over before it sleeps
    deadline = system_clock::now() + 2ms;
    EXPECT_FALSE(wait->wait_until(deadline));
  } while (seen.deadlines().size() == before);
  const auto slept_to = seen.deadlines()[before];
  EXPECT_EQ(park::deadline::clock::system, slept_to.which());
  EXPECT_EQ(std::chrono::ceil<std::chrono::nanoseconds>(deadline.time_since_epoch()), slept_to.since_epoch());
}

TEST_P(timeout, the_wait_works_on_after_a_timeout) {
  const auto wait = make();
  EXPECT_FALSE(wait->wait_for(1ms));
  support::crew crew(1, [&](int) { EXPECT_TRUE(wait->wait_for(1h)); });
  until_waiting();
  wait->satisfy();
}

}  // namespace
