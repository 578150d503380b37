// park::deadline: the arithmetic of timeouts.
#include "park/deadline.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

namespace {

using namespace std::chrono_literals;
using park::deadline;
using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

template <class Duration>
nanoseconds steady(Duration since_epoch) {
  return deadline::at(std::chrono::time_point<steady_clock, Duration>(since_epoch)).since_epoch();
}

TEST(deadline, never_does_not_pass) {
  EXPECT_TRUE(deadline::never().is_never());
  EXPECT_FALSE(deadline::never().passed());
  EXPECT_EQ(nanoseconds::max(), deadline::never().remaining());
}

TEST(deadline, keeps_the_clock_that_it_is_on) {
  EXPECT_EQ(deadline::clock::steady, deadline::at(steady_clock::now()).which());
  EXPECT_EQ(deadline::clock::system, deadline::at(system_clock::now()).which());
  EXPECT_EQ(deadline::clock::steady, deadline::after(1s).which());
}

TEST(deadline, at_a_time_is_that_time) {
  EXPECT_EQ(5ns, steady(5ns));
  EXPECT_EQ(3h, steady(3h));
  EXPECT_EQ(1500us, steady(duration<double, std::milli>(1.5)));
}

TEST(deadline, rounds_up) {
  EXPECT_EQ(2ns, steady(duration<std::int64_t, std::pico>(1001)));
  EXPECT_EQ(1ns, steady(duration<std::int64_t, std::pico>(1)));
  EXPECT_EQ(1ns, steady(duration<double, std::nano>(0.001)));
  EXPECT_EQ(333'333'334ns, steady(duration<int, std::ratio<1, 3>>(1)));
}

TEST(deadline, before_the_epoch_reads_as_the_epoch) {
  EXPECT_EQ(0ns, steady(-1ns));
  EXPECT_EQ(0ns, steady(std::chrono::hours::min()));
  EXPECT_EQ(0ns, steady(duration<double>(-std::numeric_limits<double>::infinity())));
  EXPECT_TRUE(deadline::at(system_clock::time_point::min()).passed());
}

TEST(deadline, not_a_number_reads_as_the_epoch) {
  EXPECT_EQ(0ns, steady(duration<double>(std::numeric_limits<double>::quiet_NaN())));
  EXPECT_TRUE(deadline::after(duration<double>(std::numeric_limits<double>::quiet_NaN())).passed());
}

TEST(deadline, what_does_not_fit_is_never) {
  EXPECT_TRUE(deadline::after(std::chrono::hours::max()).is_never());
  EXPECT_TRUE(deadline::after(nanoseconds::max()).is_never());
  EXPECT_TRUE(deadline::after(duration<double>(std::numeric_limits<double>::infinity())).is_never());
  EXPECT_TRUE(deadline::after(duration<float>(std::numeric_limits<float>::max())).is_never());
  EXPECT_TRUE(deadline::after(duration<std::uint64_t>(~std::uint64_t{0})).is_never());
  EXPECT_TRUE(deadline::at(steady_clock::time_point::max()).is_never());
  EXPECT_TRUE(deadline::at(system_clock::time_point::max()).is_never());
  EXPECT_TRUE(deadline::at(std::chrono::time_point<system_clock, std::chrono::hours>::max()).is_never());
}

TEST(deadline, two_centuries_are_not_never) {
  constexpr std::chrono::hours two_centuries{24 * 365 * 200};
  EXPECT_FALSE(deadline::after(two_centuries).is_never());
  EXPECT_GT(deadline::after(two_centuries).remaining(), two_centuries - 1h);
  EXPECT_EQ(nanoseconds(two_centuries), steady(two_centuries));
}

// The common unit of these and nanoseconds is so fine that 63 bits of it do not last.
TEST(deadline, a_unit_that_is_no_whole_number_of_nanoseconds_does_not_overflow) {
  using samples = duration<std::int64_t, std::ratio<1, 44100>>;
  using frames = duration<std::int64_t, std::ratio<1, 60>>;
  constexpr std::chrono::hours year{24 * 365};
  EXPECT_EQ(nanoseconds(year), steady(std::chrono::duration_cast<samples>(year)));
  EXPECT_EQ(nanoseconds(150 * year), steady(frames(std::chrono::seconds(150 * year).count() * 60)));
  EXPECT_TRUE(deadline::after(samples::max()).is_never());
}

TEST(deadline, passes) {
  EXPECT_TRUE(deadline::after(0s).passed());
  EXPECT_TRUE(deadline::after(-1s).passed());
  EXPECT_TRUE(deadline::at(steady_clock::now()).passed());
  EXPECT_TRUE(deadline::at(system_clock::now()).passed());
  EXPECT_FALSE(deadline::after(1h).passed());
  EXPECT_FALSE(deadline::at(system_clock::now() + 1h).passed());
  EXPECT_LE(deadline::at(steady_clock::now() - 1s).remaining(), -1s);
  EXPECT_LE(deadline::after(1h).remaining(), 1h);
}

}  // namespace
