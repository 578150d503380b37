// The time left until a time on a clock of any type and epoch, and the waits for it. Those of every kind: timeout_test.
#include "park/detail/foreign_clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <vector>

#include "park/detail/wait.hpp"
#include "park/event.hpp"
#include "park/native_lot.hpp"
#include "support/clocks.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::duration;
using std::chrono::nanoseconds;

constexpr auto forever = nanoseconds::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                       most = std::numeric_limits<std::int64_t>::max();
constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

struct any_clock {};

// Both since the epoch of one clock.
template <class Now, class Time>
constexpr nanoseconds left(Now now, Time time) {
  return park::detail::time_left(std::chrono::time_point<any_clock, Time>(time),
                                 std::chrono::time_point<any_clock, Now>(now));
}
// Constant expressions too: in those the compiler refuses an overflow.
#define EXPECT_LEFT(expected, now, time)                           \
  do {                                                             \
    static_assert(nanoseconds(expected) == (left((now), (time)))); \
    EXPECT_EQ(nanoseconds(expected), (left((now), (time))));       \
  } while (false)

TEST(foreign_clock, says_how_long_until_a_time) {
  EXPECT_LEFT(2s, 3s, 5s);
  EXPECT_LEFT(1ns, 3ns, 4ns);
  EXPECT_LEFT(1500ms, 3500ms, 5s);
  EXPECT_LEFT(2500ms, 3s, 5500ms);
  EXPECT_LEFT(5s, -3s, 2s);
  EXPECT_LEFT(5ms, -1001ms, -996ms);
}

TEST(foreign_clock, has_no_time_left_once_the_time_has_come) {
  EXPECT_LEFT(0ns, 5s, 5s);
  EXPECT_LEFT(0ns, 5s, 3s);
  EXPECT_LEFT(0ns, 5001ms, 5s);
  EXPECT_LEFT(0ns, 5s, 4999ms);
  EXPECT_LEFT(0ns, 2s, -3s);
}

TEST(foreign_clock, that_counts_without_a_sign_has_a_past_too) {
  using unsigned_nanoseconds = duration<std::uint64_t, std::nano>;
  using unsigned_seconds = duration<unsigned>;
  EXPECT_LEFT(0ns, unsigned_nanoseconds(5), unsigned_nanoseconds(4));
  EXPECT_LEFT(0ns, unsigned_nanoseconds(5), unsigned_nanoseconds(5));
  EXPECT_LEFT(1ns, unsigned_nanoseconds(5), unsigned_nanoseconds(6));
  EXPECT_LEFT(0ns, unsigned_seconds(5), unsigned_seconds(4));
  EXPECT_LEFT(1s, unsigned_seconds(5), unsigned_seconds(6));
  EXPECT_LEFT(0ns, unsigned_nanoseconds(5), -1ns);
  EXPECT_LEFT(6ns, -1ns, unsigned_nanoseconds(5));
  EXPECT_LEFT(1ns, unsigned_nanoseconds(~std::uint64_t{0} - 1), unsigned_nanoseconds(~std::uint64_t{0}));
  EXPECT_LEFT(0ns, unsigned_nanoseconds(~std::uint64_t{0}), unsigned_nanoseconds(0));
  EXPECT_LEFT(forever, unsigned_nanoseconds(0), unsigned_nanoseconds(~std::uint64_t{0}));
  EXPECT_LEFT(forever, nanoseconds::min(), unsigned_nanoseconds(~std::uint64_t{0}));
}

TEST(foreign_clock, differences_of_a_great_many_ticks_do_not_overflow) {
  using picoseconds = duration<std::int64_t, std::pico>;
  EXPECT_LEFT(18446744073709552ns, picoseconds::min(), picoseconds::max());
  EXPECT_LEFT(0ns, picoseconds::max(), picoseconds::min());
  EXPECT_LEFT(forever, nanoseconds::min(), nanoseconds::max());
  EXPECT_LEFT(0ns, nanoseconds::max(), nanoseconds::min());
  EXPECT_LEFT(forever, std::chrono::hours::min(), nanoseconds::max());
  EXPECT_LEFT(0ns, nanoseconds::max(), std::chrono::hours::min());
}

TEST(foreign_clock, of_an_epoch_that_nanoseconds_do_not_reach_is_as_good) {
  EXPECT_LEFT(1s, std::chrono::seconds(most - 1), std::chrono::seconds(most));
  EXPECT_LEFT(0ns, std::chrono::seconds(most), std::chrono::seconds(most - 1));
  EXPECT_LEFT(1s, std::chrono::seconds(least), std::chrono::seconds(least + 1));
  using hours = duration<std::int64_t, std::ratio<3600>>;
  EXPECT_LEFT(1h, hours(most - 1), hours(most));
  // Now in milliseconds, a million years from the epoch; the time in minutes.
  constexpr std::chrono::hours epoch{24LL * 365 * 1'000'000};
  EXPECT_LEFT(59s, std::chrono::milliseconds(epoch) + 1s, std::chrono::minutes(epoch) + 1min);
  EXPECT_LEFT(0ns, std::chrono::milliseconds(epoch) + 60s, std::chrono::minutes(epoch) + 1min);
  EXPECT_LEFT(59s, std::chrono::milliseconds(-epoch) + 1s, std::chrono::minutes(-epoch) + 1min);
}

TEST(foreign_clock, of_a_unit_that_is_no_whole_number_of_nanoseconds_rounds_up) {
  using samples = duration<std::int64_t, std::ratio<1, 44100>>;
  using frames = duration<int, std::ratio<1001, 30000>>;
  EXPECT_LEFT(22676ns, samples(7), samples(8));  // 22675.7
  EXPECT_LEFT(0ns, samples(441), 10ms);
  EXPECT_LEFT(1ns, 9'999'999ns, samples(441));
  EXPECT_LEFT(0ns, 22676ns, samples(1));
  EXPECT_LEFT(1ns, 22675ns, samples(1));
  EXPECT_LEFT(33'366'667ns, frames(3), frames(4));
  EXPECT_LEFT(1001s, frames(-30000), frames(0));
  using picoseconds = duration<std::int64_t, std::pico>;
  EXPECT_LEFT(1ns, 0ns, picoseconds(1));
}

TEST(foreign_clock, that_floats_says_how_long_until_a_time) {
  using float_milliseconds = duration<float, std::milli>;
  EXPECT_EQ(2500ms, left(duration<double>(0.5), duration<double>(3)));
  EXPECT_EQ(250us, left(float_milliseconds(0.25f), float_milliseconds(0.5f)));
  EXPECT_EQ(500ms, left(duration<double>(0.5), 1s));
  EXPECT_EQ(0ns, left(duration<double>(3), duration<double>(3)));
  EXPECT_EQ(0ns, left(duration<double>(3), duration<double>(0.5)));
}

TEST(foreign_clock, that_says_no_number_is_not_waited_for) {
  EXPECT_EQ(0ns, left(duration<double>(1), duration<double>(nan)));
  EXPECT_EQ(0ns, left(duration<double>(nan), duration<double>(1)));
  EXPECT_EQ(0ns, left(duration<double>(nan), 1s));
  EXPECT_EQ(0ns, left(duration<double>(infinity), duration<double>(infinity)));
}

TEST(foreign_clock, may_say_infinity) {
  EXPECT_EQ(forever, left(duration<double>(1), duration<double>(infinity)));
  EXPECT_EQ(forever, left(duration<double>(-infinity), duration<double>(1)));
  EXPECT_EQ(0ns, left(duration<double>(1), duration<double>(-infinity)));
  EXPECT_EQ(0ns, left(duration<double>(infinity), duration<double>(1)));
  using float_hours = duration<double, std::ratio<3600>>;
  EXPECT_EQ(forever, left(1ns, float_hours::max()));
  EXPECT_EQ(0ns, left(1ns, float_hours::min()));
}

// What a wait asks of its lot: a lot in which each sleep ends at once, by its deadline unless the test says otherwise.
struct sleepless_lot : park::native_lot {
  static bool park(address, std::uint32_t, park::deadline until) noexcept {
    deadlines.push_back(until);
    return static_cast<int>(deadlines.size()) == woken_at;
  }

  static inline std::vector<park::deadline> deadlines;
  static inline int woken_at = 0;
};

// Moves on by 400 ms when somebody looks at it.
struct striding_clock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<striding_clock>;
  [[maybe_unused]] static constexpr bool is_steady = true;
  static time_point now() noexcept { return time_point(400ms * ++looks); }

  static inline int looks = 0;
};

class foreign_clock_wait : public testing::Test {
 protected:
  using limit = park::detail::wait_limit<sleepless_lot>;

  foreign_clock_wait() {
    sleepless_lot::deadlines.clear();
    sleepless_lot::woken_at = striding_clock::looks = 0;
  }

  bool park(limit until) const { return until.park(sleepless_lot::whole(word_), 0); }

  sleepless_lot::atomic<std::uint32_t> word_{0};
  const striding_clock::time_point time_ = striding_clock::time_point(2s);
  park::detail::foreign_time clock_{time_};
};

// 1.6 s, 1.2, 0.8 and 0.4 are left.
TEST_F(foreign_clock_wait, is_one_of_many_steps_none_longer_than_a_second) {
  const auto begin = std::chrono::steady_clock::now().time_since_epoch();
  EXPECT_FALSE(park({park::deadline::after(2s), nullptr, &clock_}));
  const auto end = std::chrono::steady_clock::now().time_since_epoch();
  ASSERT_EQ(4u, sleepless_lot::deadlines.size());
  const std::vector<nanoseconds> expected{1s, 1s, 800ms, 400ms};
  for (std::size_t step = 0; step < expected.size(); ++step) {
    EXPECT_GE(sleepless_lot::deadlines[step].since_epoch(), begin + expected[step]);
    EXPECT_LE(sleepless_lot::deadlines[step].since_epoch(), end + expected[step]);
  }
  EXPECT_EQ(5, striding_clock::looks);
}

TEST_F(foreign_clock_wait, asks_the_clock_no_more_once_the_time_has_come) {
  limit until{park::deadline::after(2s), nullptr, &clock_};
  EXPECT_FALSE(until.reached());
  EXPECT_FALSE(park(until));
  EXPECT_TRUE(until.reached());
  EXPECT_FALSE(park(until));
  EXPECT_EQ(5, striding_clock::looks);
}

TEST_F(foreign_clock_wait, ends_at_the_first_wake) {
  sleepless_lot::woken_at = 2;
  EXPECT_TRUE(park({park::deadline::after(2s), nullptr, &clock_}));
  EXPECT_EQ(2u, sleepless_lot::deadlines.size());
}

TEST_F(foreign_clock_wait, ends_at_a_stop_request) {
  park::detail::stop_gate<sleepless_lot> gate(sleepless_lot::whole(word_));
  gate.request();
  EXPECT_FALSE(park({park::deadline::after(2s), &gate, &clock_}));
  EXPECT_EQ(0u, sleepless_lot::deadlines.size());
}

// Of this clock no step is cut short: what the system can wait on is waited for whole.
TEST_F(foreign_clock_wait, on_the_steady_clock_is_one_sleep) {
  const auto until = park::deadline::after(1h);
  EXPECT_FALSE(park({until}));
  ASSERT_EQ(1u, sleepless_lot::deadlines.size());
  EXPECT_EQ(until.since_epoch(), sleepless_lot::deadlines[0].since_epoch());
}

// The one that really sleeps: nobody wakes it, and it ends all the same.
TEST(foreign_clock_jump, in_the_middle_of_a_wait_is_noticed) {
  park::event never;
  std::atomic<bool> waiting{false};
  const auto time = support::jumping_clock::now() + 1h;
  support::crew waiter(1, [&](int) {
    waiting = true;
    EXPECT_FALSE(never.wait_until(time));
  });
  support::eventually([&] { return waiting.load(); });
  support::jumping_clock::hours += 2;
}

}  // namespace
