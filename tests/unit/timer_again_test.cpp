// Timers that run more than once, by restart() and by every(): one test per sentence, by the real clock. Each waits for what it looks at.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/thread.hpp"
#include "park/timer.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class timer_again : public testing::Test {
 protected:
  using timer_type = park::basic_timer<Lot>;
};
TYPED_TEST_SUITE(timer_again, support::lots, support::by_name);

TYPED_TEST(timer_again, is_restarted_by_its_callable) {
  int runs = 0;
  typename TestFixture::timer_type one(0s, [&] {
    if (++runs < 5) {
      EXPECT_FALSE(one.restart(1us));
    }
  });
  one.wait();
  EXPECT_EQ(5, runs);
  EXPECT_FALSE(one.restart(0s));
  one.wait();
  EXPECT_EQ(6, runs);
}

TYPED_TEST(timer_again, is_not_restarted_where_there_is_none) {
  typename TestFixture::timer_type none;
  EXPECT_FALSE(none.restart(0s));
  EXPECT_FALSE(none.pending());
}

TYPED_TEST(timer_again, keeps_its_callable_as_long_as_it_can_run) {
  const auto held = std::make_shared<int>();
  {
    typename TestFixture::timer_type one(1h, [held] {});
    EXPECT_TRUE(one.cancel());
    EXPECT_EQ(2, held.use_count());
    one.restart(0s);
    one.wait();
    EXPECT_EQ(2, held.use_count());
  }
  EXPECT_EQ(1, held.use_count());
}

// One of several threads that restart it at once does so in place of a run, or makes one more: the number of runs is known.
TYPED_TEST(timer_again, loses_and_doubles_no_run) {
  for (int round = 0; round < support::scaled(200); ++round) {
    std::atomic<int> runs{0}, more{1};
    typename TestFixture::timer_type one(std::chrono::microseconds(round % 20), [&] { ++runs; });
    {
      const auto restart = [&](int times) {
        for (int time = 0; time < times; ++time) {
          if (!one.restart(std::chrono::microseconds(time % 7))) ++more;
          if (time % 5 == 4 && one.cancel()) --more;
        }
      };
      park::thread first(restart, 20), second(restart, 20), third(restart, 20);
    }
    one.wait();
    ASSERT_EQ(more, runs);
  }
}

TYPED_TEST(timer_again, ends_with_its_object_though_it_always_restarts) {
  for (int round = 0; round < support::scaled(100); ++round) {
    park::latch began(1);
    int runs = 0;  // not atomic: the destructor synchronizes
    {
      typename TestFixture::timer_type one(0s, [&] {
        if (++runs == 1) began.count_down();
        one.restart(0s);
      });
      began.wait();
    }
    EXPECT_GE(runs, 1);
  }
}

template <class Timer>
Timer every_microsecond(std::atomic<int>& runs) {
  return park::every<Timer>(1us, [&runs] { ++runs; });
}

TYPED_TEST(timer_again, every_runs_until_its_object_ends) {
  std::atomic<int> runs{0};
  {
    const auto one = every_microsecond<typename TestFixture::timer_type>(runs);
    while (runs < 10) std::this_thread::yield();
    EXPECT_TRUE(one.pending());
  }
  const int then = runs;
  typename TestFixture::timer_type(1ms, [] {}).wait();
  EXPECT_EQ(then, runs);
}

TYPED_TEST(timer_again, every_is_cancelled_from_inside) {
  int runs = 0;
  typename TestFixture::timer_type one = park::every<typename TestFixture::timer_type>(1us, [&] {
    if (++runs == 3) {
      EXPECT_TRUE(one.cancel());
    }
  });
  one.wait();
  EXPECT_EQ(3, runs);
  EXPECT_FALSE(one.pending() || one.cancel());
}

TYPED_TEST(timer_again, every_may_be_destroyed_by_its_callable) {
  park::event made;
  park::latch over(1);
  std::optional<typename TestFixture::timer_type> one;
  const auto held = std::make_shared<int>();
  one.emplace(park::every<typename TestFixture::timer_type>(1us, [&, held] {
    made.wait();
    one.reset();
    over.count_down();
  }));
  made.set();
  over.wait();
  while (held.use_count() > 1) std::this_thread::yield();
}

TYPED_TEST(timer_again, every_hands_over_the_count_and_the_arguments) {
  park::latch ran(2);
  std::string seen;
  const auto call = [&](std::uint64_t skipped, const std::string& text) {
    if (seen.empty() && skipped < 1000000) seen = text;
    if (!ran.try_wait()) ran.count_down();
  };
  const auto one = park::every<typename TestFixture::timer_type>(10us, call, "text");
  // Without the count where it takes that too, and what does not compile with it.
  const auto other =
      park::every<typename TestFixture::timer_type>(1h, [](auto&&... none) { static_assert(sizeof...(none) == 0); });
  ran.wait();
  EXPECT_EQ("text", seen);
}

TYPED_TEST(timer_again, every_refuses_a_period_that_is_not_positive) {
  using type = typename TestFixture::timer_type;
  const auto run = [] {};
  EXPECT_THROW(static_cast<void>(park::every<type>(0s, run)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(park::every<type>(-1ns, run)), std::invalid_argument);
  const std::chrono::duration<double> nan(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THROW(static_cast<void>(park::every<type>(nan, run)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(park::every<type>({.own_thread = true}, 0s, run)), std::invalid_argument);
  type never = park::every<type>(std::chrono::hours::max(), [] { FAIL() << "it ran"; });
  EXPECT_TRUE(never.cancel());
}

}  // namespace
