// park::timer: one test per sentence of its contract, by the real clock: each waits for what it looks at, and never judges how soon it came.
// What is a matter of order and number: timer_service_test.
#include "park/timer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/thread.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/mini_stop.hpp"

namespace {

using namespace std::chrono_literals;
using steady_clock = std::chrono::steady_clock;

template <class Lot>
class timer : public testing::Test {
 protected:
  using timer_type = park::basic_timer<Lot>;
};
TYPED_TEST_SUITE(timer, support::lots, support::by_name);

TYPED_TEST(timer, runs_once_with_its_arguments_and_not_before_its_time) {
  int sum = 0;
  steady_clock::time_point ran;
  const auto begin = steady_clock::now();
  typename TestFixture::timer_type one(
      20ms,
      [&](int& to, std::unique_ptr<int> more) {
        ran = steady_clock::now();
        to += *more;
      },
      std::ref(sum), std::make_unique<int>(3));
  one.wait();
  EXPECT_EQ(3, sum);
  EXPECT_GE(ran - begin, 20ms);
  EXPECT_FALSE(one.pending());
  EXPECT_FALSE(one.cancel());
}

TYPED_TEST(timer, runs_as_soon_as_can_be_where_the_delay_is_not_positive) {
  std::atomic<int> runs{0};
  const auto run = [&] { ++runs; };
  const typename TestFixture::timer_type zero(0s, run), negative(-1h, run),
      lowest(std::chrono::nanoseconds::min(), run),
      nan(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN()), run);
  for (const auto* each : {&zero, &negative, &lowest, &nan}) each->wait();
  EXPECT_EQ(4, runs);
}

TYPED_TEST(timer, may_be_set_for_ever) {
  const auto never = [] { FAIL() << "it ran"; };
  typename TestFixture::timer_type hours(std::chrono::hours::max(), never),
      nanoseconds(std::chrono::nanoseconds::max(), never),
      infinity(std::chrono::duration<double>(std::numeric_limits<double>::infinity()), never);
  for (auto* each : {&hours, &nanoseconds, &infinity}) {
    EXPECT_FALSE(each->wait_for(0s));
    EXPECT_TRUE(each->cancel());
  }
}

TYPED_TEST(timer, cancel_is_true_for_the_one_call_that_prevented_the_run) {
  typename TestFixture::timer_type one(1h, [] { FAIL() << "it ran"; });
  EXPECT_TRUE(one.pending());
  std::atomic<int> prevented{0};
  {
    const auto cancel = [&] { prevented += one.cancel() ? 1 : 0; };
    park::thread first(cancel), second(cancel), third(cancel);
  }
  EXPECT_EQ(1, prevented);
  EXPECT_FALSE(one.pending());
  one.wait();
}

// Cancelled as it may just run: it does the one or the other.
TYPED_TEST(timer, runs_or_is_cancelled) {
  for (int round = 0; round < 300; ++round) {
    std::atomic<int> runs{0};
    bool prevented = false;
    {
      typename TestFixture::timer_type one(std::chrono::microseconds(round % 60), [&] { ++runs; });
      prevented = one.cancel();
    }
    EXPECT_EQ(prevented ? 0 : 1, runs);
  }
}

TYPED_TEST(timer, cancel_does_not_wait_for_a_run) {
  park::event began, go;
  typename TestFixture::timer_type one(0s, [&] {
    began.set();
    go.wait();
  });
  began.wait();
  EXPECT_FALSE(one.pending());
  EXPECT_FALSE(one.cancel());
  go.set();
}

TYPED_TEST(timer, is_cancelled_by_the_destructor) {
  const auto held = std::make_shared<int>();
  {
    const typename TestFixture::timer_type one(1h, [held] { FAIL() << "it ran"; });
    EXPECT_EQ(2, held.use_count());
  }
  EXPECT_EQ(1, held.use_count());
}

// Not atomic: ThreadSanitizer tells if the destructor does not synchronize.
TYPED_TEST(timer, is_waited_for_by_the_destructor_where_it_runs) {
  park::event began, go;
  int ran = 0;
  std::optional<park::thread> helper;
  {
    const typename TestFixture::timer_type one(0s, [&] {
      began.set();
      go.wait();
      ran = 1;
    });
    began.wait();
    helper.emplace([&] { go.set(); });
  }
  EXPECT_EQ(1, ran);
}

TYPED_TEST(timer, may_be_destroyed_by_its_callable) {
  park::event made;
  park::latch over(1);
  std::optional<typename TestFixture::timer_type> one;
  one.emplace(0s, [&] {
    made.wait();
    one.reset();
    over.count_down();
  });
  made.set();
  over.wait();
}

TYPED_TEST(timer, callable_may_start_and_cancel_timers) {
  park::event made;
  std::atomic<int> runs{0};
  typename TestFixture::timer_type next, never(1h, [] { FAIL() << "it ran"; }), one;
  one = typename TestFixture::timer_type(0s, [&] {
    made.wait();
    EXPECT_FALSE(one.cancel());
    EXPECT_TRUE(never.cancel());
    next = typename TestFixture::timer_type(1ms, [&] { ++runs; });
  });
  made.set();
  one.wait();
  next.wait();
  EXPECT_EQ(1, runs);
}

TYPED_TEST(timer, runs_on_when_detached) {
  park::latch over(1);
  {
    typename TestFixture::timer_type one(1ms, [&] { over.count_down(); });
    one.detach();
    EXPECT_FALSE(one.pending());
    EXPECT_FALSE(one.cancel());
  }
  over.wait();
}

TYPED_TEST(timer, is_waited_for_in_every_way) {
  using namespace support;
  park::event go;
  const typename TestFixture::timer_type one(0s, [&] { go.wait(); });
  mini_stop_source stopped;
  stopped.request_stop();
  EXPECT_FALSE(one.wait_for(0s));
  EXPECT_FALSE(one.wait_for(1ms));
  EXPECT_FALSE(one.wait_until(steady_clock::now() - 1h));
  EXPECT_FALSE(one.wait_until(std::chrono::system_clock::now() + 1ms));
  EXPECT_FALSE(one.wait(stopped.get_token()));
  EXPECT_FALSE(one.wait_for(stopped.get_token(), 1h));
  EXPECT_FALSE(one.wait_until(stopped.get_token(), steady_clock::now() + 1h));
  go.set();
  EXPECT_TRUE(one.wait_for(1h));
  EXPECT_TRUE(one.wait_until(steady_clock::now() + 1h));
  EXPECT_TRUE(one.wait(std::stop_token()));
  EXPECT_TRUE(one.wait_for(std::stop_token(), 0s));
  EXPECT_TRUE(one.wait_until(std::stop_token(), steady_clock::now()));
}

TYPED_TEST(timer, without_a_callable_stands_for_none) {
  typename TestFixture::timer_type none;
  EXPECT_FALSE(none.pending());
  EXPECT_FALSE(none.cancel());
  none.wait();
  none.detach();
}

TYPED_TEST(timer, moves_and_swaps) {
  using type = typename TestFixture::timer_type;
  static_assert(std::is_nothrow_move_constructible_v<type> && std::is_nothrow_move_assignable_v<type>);
  static_assert(std::is_nothrow_swappable_v<type> && !std::is_copy_constructible_v<type>);
  static_assert(!std::is_constructible_v<type, std::chrono::seconds, int> && sizeof(type) == sizeof(void*));
  static_assert(std::is_constructible_v<park::timer, std::chrono::seconds, void (*)()>);
  const auto held = std::make_shared<int>();
  type one(1h, [held] { FAIL() << "it ran"; });
  type other(std::move(one));
  EXPECT_TRUE(!one.pending() && other.pending());
  swap(one, other);
  EXPECT_TRUE(one.pending() && !other.pending());
  one = type();  // ends as by the destructor
  EXPECT_EQ(1, held.use_count());
}

TYPED_TEST(timer, all_share_one_thread_with_a_name) {
  std::thread::id first, second;
  std::string name;
  const typename TestFixture::timer_type one(0s, [&] { first = std::this_thread::get_id(); }), other(1ms, [&] {
    second = std::this_thread::get_id();
    name = park::this_thread::name();
  });
  one.wait();
  other.wait();
  EXPECT_EQ(first, second);
  EXPECT_NE(std::this_thread::get_id(), first);
  EXPECT_EQ("park-timer", name);
}

TYPED_TEST(timer, an_uncaught_exception_is_reported_and_hinders_no_other) {
  testing::internal::CaptureStderr();
  const typename TestFixture::timer_type one(0s, [] { throw std::runtime_error("no such file"); });
  one.wait();
  EXPECT_EQ("park: uncaught exception in thread \"park-timer\": no such file\n",
            testing::internal::GetCapturedStderr());
  const typename TestFixture::timer_type other(0s, [] {});
  other.wait();
}

TYPED_TEST(timer, passes_on_what_a_copy_throws) {
  struct throws {
    throws() = default;
    throws(const throws&) { throw std::runtime_error("no copy"); }
    void operator()() const {}
  };
  const throws callable;
  EXPECT_THROW(typename TestFixture::timer_type one(0s, callable), std::runtime_error);
}

TYPED_TEST(timer, many_threads_start_and_cancel) {
  std::atomic<int> runs{0}, prevented{0};
  const int threads = 4, rounds = 500;
  {
    std::vector<park::thread> crew;
    for (int index = 0; index < threads; ++index) {
      crew.emplace_back([&] {
        for (int round = 0; round < rounds; ++round) {
          typename TestFixture::timer_type one(std::chrono::microseconds(round % 100), [&] { ++runs; });
          if (round % 2 == 0) prevented += one.cancel() ? 1 : 0;
          if (round % 2 != 0) one.wait();
        }
      });
    }
  }
  EXPECT_EQ(threads * rounds, runs + prevented);
}

}  // namespace
