// [thread.sema.cnt]: try_acquire_for and try_acquire_until, with [thread.req.timing]
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <stdexcept>

#include "conformance/compiler.hpp"
#include "conformance/expectation.hpp"
#include "conformance/sleeper.hpp"
#include "conformance/subject.hpp"
#include "support/clocks.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using semaphore = subject::counting_semaphore<5>;

// Takes the permit that is there, and then finds none, without waiting: `timeout` is no time, or less.
template <class Rep, class Period>
void expect_only_a_look(std::chrono::duration<Rep, Period> timeout) {
  semaphore one(1);
  EXPECT_TRUE(one.try_acquire_for(timeout));
  EXPECT_FALSE(one.try_acquire_for(timeout));
}

template <class Clock, class Duration>
void expect_only_a_look_until(std::chrono::time_point<Clock, Duration> time) {
  semaphore one(1);
  EXPECT_TRUE(one.try_acquire_until(time));
  EXPECT_FALSE(one.try_acquire_until(time));
}

// try_acquire, a call with a time that does not come, waits, and takes the permit that comes.
template <class TryAcquire>
void expect_a_wait(TryAcquire try_acquire) {
  semaphore empty(0);
  bool taken = false;
  {
    const conformance::sleeper waiter([&] { taken = try_acquire(empty); });
    EXPECT_TRUE(waiter.blocks());
    empty.release();
  }
  EXPECT_TRUE(taken);
}

template <class Rep, class Period>
void expect_a_wait_for(std::chrono::duration<Rep, Period> timeout) {
  expect_a_wait([timeout](semaphore& empty) { return empty.try_acquire_for(timeout); });
}

template <class Clock, class Duration>
void expect_a_wait_until(std::chrono::time_point<Clock, Duration> time) {
  expect_a_wait([time](semaphore& empty) { return empty.try_acquire_until(time); });
}

// Never false before `timeout` is over on the steady clock.
template <class Rep, class Period>
void expect_the_whole_of(std::chrono::duration<Rep, Period> timeout) {
  semaphore empty(0);
  const auto start = steady_clock::now();
  EXPECT_FALSE(empty.try_acquire_for(timeout));
  EXPECT_GE(steady_clock::now() - start, timeout);
}

// Never false before Clock is there; times past and times to come take what is there.
template <class Clock, class Duration>
void expect_to_be_kept(Duration ahead) {
  semaphore empty(0);
  for (int i = 0; i < 20; ++i) {
    const auto time = Clock::now() + ahead;
    EXPECT_FALSE(empty.try_acquire_until(time));
    EXPECT_GE(Clock::now(), time);
  }
  expect_only_a_look_until(Clock::now() - ahead);
  semaphore one(1);
  EXPECT_TRUE(one.try_acquire_until(Clock::now() + ahead));
}

EXPECTATION(timeout, of_zero_is_a_look) {
  expect_only_a_look(0ns);
  expect_only_a_look(0h);
  expect_only_a_look(std::chrono::duration<float>(0));
}

EXPECTATION(timeout, below_zero_is_a_look) {
  expect_only_a_look(-1ns);
  expect_only_a_look(-1h);
  expect_only_a_look(std::chrono::duration<double>(-0.5));
}

EXPECTATION(timeout, that_is_the_least_of_its_type_is_a_look) {
  expect_only_a_look(std::chrono::nanoseconds::min());
  expect_only_a_look(std::chrono::seconds::min());
  expect_only_a_look(std::chrono::hours::min());
}

EXPECTATION(timeout, is_never_cut_short) {
  for (int i = 0; i < 20; ++i) expect_the_whole_of(1ms), expect_the_whole_of(123456ns);
}

EXPECTATION(timeout, that_counts_as_float_is_never_cut_short) {
  expect_the_whole_of(std::chrono::duration<float>(0.002F));
  expect_the_whole_of(std::chrono::duration<double, std::milli>(1.5));
}

EXPECTATION(timeout, of_any_period_is_never_cut_short) {
  expect_the_whole_of(std::chrono::duration<std::int64_t, std::ratio<1, 44100>>(50));
  expect_the_whole_of(std::chrono::duration<int, std::centi>(1));
  expect_the_whole_of(std::chrono::duration<std::int64_t, std::pico>(1'000'000'000));
}

EXPECTATION(timeout, of_hours_is_a_wait) { expect_a_wait_for(1h); }

EXPECTATION(timeout, that_is_the_greatest_of_nanoseconds_is_a_wait) {
  expect_a_wait_for(std::chrono::nanoseconds::max());
}
EXPECTATION(timeout, that_is_the_greatest_of_seconds_is_a_wait) { expect_a_wait_for(std::chrono::seconds::max()); }
EXPECTATION(timeout, that_is_the_greatest_of_hours_is_a_wait) { expect_a_wait_for(std::chrono::hours::max()); }
EXPECTATION(timeout, that_is_the_greatest_of_float_is_a_wait) {
  expect_a_wait_for(std::chrono::duration<float>::max());
  expect_a_wait_for(std::chrono::duration<double>(std::numeric_limits<double>::infinity()));
}

EXPECTATION(deadline, that_has_passed_is_a_look) {
  expect_only_a_look_until(steady_clock::now());
  expect_only_a_look_until(system_clock::now() - 1h);
  expect_only_a_look_until(steady_clock::time_point());
  expect_only_a_look_until(system_clock::time_point());
}

EXPECTATION(deadline, before_the_epoch_of_steady_clock_is_a_look) {
  expect_only_a_look_until(steady_clock::time_point(-1s));
  expect_only_a_look_until(steady_clock::time_point::min());
}

EXPECTATION(deadline, before_the_epoch_of_system_clock_is_a_look) {
  expect_only_a_look_until(system_clock::time_point(-1s));
}

EXPECTATION(deadline, that_is_the_least_of_system_clock_is_a_look) {
  expect_only_a_look_until(system_clock::time_point::min());
}

EXPECTATION(deadline, on_steady_clock_is_kept) { expect_to_be_kept<steady_clock>(300us); }
EXPECTATION(deadline, on_system_clock_is_kept) { expect_to_be_kept<system_clock>(300us); }
EXPECTATION(deadline, on_a_clock_that_counts_as_float_is_kept) {
  expect_to_be_kept<support::float_clock>(std::chrono::duration<double, std::milli>(0.3));
}
EXPECTATION(deadline, on_a_clock_of_large_ticks_is_kept) {
  expect_to_be_kept<support::centisecond_clock>(std::chrono::duration<int, std::centi>(1));
}
EXPECTATION(deadline, on_a_clock_of_audio_samples_is_kept) {
  expect_to_be_kept<support::sample_clock>(support::sample_clock::duration(13));
}
EXPECTATION(deadline, on_a_clock_without_a_sign_is_kept) {
  expect_to_be_kept<support::unsigned_clock>(support::unsigned_clock::duration(300'000));
}
EXPECTATION(deadline, on_a_clock_of_negative_times_is_kept) { expect_to_be_kept<support::late_epoch_clock>(300us); }
EXPECTATION(deadline, on_a_clock_slower_than_the_steady_one_is_kept) { expect_to_be_kept<support::slow_clock>(5ms); }

// An hour that ends half an hour after the program has started, each time.
struct hours_clock {
  using duration = std::chrono::hours;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<hours_clock>;
  [[maybe_unused]] static constexpr bool is_steady = true;
  static time_point now() {
    static const auto start = steady_clock::now();
    return time_point(std::chrono::floor<duration>(steady_clock::now() - start + 1h + 30min));
  }
};

EXPECTATION(deadline, on_a_clock_that_ticks_in_hours_is_a_look_once_it_is_there) {
  expect_only_a_look_until(hours_clock::now());
  expect_only_a_look_until(hours_clock::now() - 1h);
}
EXPECTATION(deadline, on_a_clock_that_ticks_in_hours_is_waited_for) { expect_a_wait_until(hours_clock::now() + 1h); }

EXPECTATION(deadline, may_be_in_units_other_than_its_clocks) {
  EXPECT_TRUE(conformance::compiles(R"(
      template <class Duration> using time = std::chrono::time_point<std::chrono::steady_clock, Duration>;
      bool use(subject::counting_semaphore<5>& some) {
        return some.try_acquire_until(time<std::chrono::hours>()) ||
               some.try_acquire_until(time<std::chrono::duration<double>>());
      })"));
}

EXPECTATION(deadline, that_is_the_greatest_of_steady_clock_is_a_wait) {
  expect_a_wait_until(steady_clock::time_point::max());
}
EXPECTATION(deadline, that_is_the_greatest_of_system_clock_is_a_wait) {
  expect_a_wait_until(system_clock::time_point::max());
}
EXPECTATION(deadline, that_is_the_greatest_of_another_clock_is_a_wait) {
  expect_a_wait_until(support::late_epoch_clock::time_point::max());
}

EXPECTATION(deadline, is_taken_by_who_comes_in_time) {
  expect_a_wait_until(steady_clock::now() + 1h);
  expect_a_wait_until(system_clock::now() + 1h);
  expect_a_wait_until(support::float_clock::now() + 1h);
}

struct broken_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<broken_clock>;
  [[maybe_unused]] static constexpr bool is_steady = true;
  static time_point now() { throw std::runtime_error("the clock is broken"); }
};

EXPECTATION(deadline, on_a_clock_that_throws_throws) {
  semaphore empty(0);
  EXPECT_THROW(static_cast<void>(empty.try_acquire_until(broken_clock::time_point(1h))), std::runtime_error);
  empty.release();
  EXPECT_TRUE(empty.try_acquire());
  EXPECT_FALSE(empty.try_acquire());
}

}  // namespace
