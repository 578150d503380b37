// The time left until a time on a clock of any type and epoch.
#include "park/detail/foreign_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

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

}  // namespace
