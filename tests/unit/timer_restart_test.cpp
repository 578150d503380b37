// What restart() and every() do to the order and number of runs, by a clock that the test moves; what a user sees of them: timer_again_test.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "park/timer.hpp"
#include "park/uncaught_exception.hpp"
#include "support/lots.hpp"
#include "support/served_timers.hpp"

namespace {

using namespace std::chrono_literals;
using support::manual_clock;

// By the clock of the test: see timer_service_test.
template <class Lot>
using timer_restart = support::served_timers<Lot>;
TYPED_TEST_SUITE(timer_restart, support::lots, support::by_name);

TYPED_TEST(timer_restart, puts_a_pending_run_off_or_forward) {
  const auto late = this->start(2s, "a"), soon = this->start(1s, "b");
  EXPECT_TRUE(this->restart(*soon, 3s));
  EXPECT_EQ(2u, this->service.size());
  manual_clock::current += 2s;
  EXPECT_EQ("a", this->run_all());
  EXPECT_TRUE(this->restart(*soon, 0s));
  EXPECT_EQ("b", this->run_all());
  manual_clock::current += 1h;
  EXPECT_EQ("", this->run_all());
  EXPECT_EQ(1, this->services);
}

TYPED_TEST(timer_restart, counts_as_a_new_start_among_those_due_at_one_time) {
  const auto first = this->start(1s, "a"), second = this->start(1s, "b");
  EXPECT_TRUE(this->restart(*first, 1s));
  manual_clock::current += 1s;
  EXPECT_EQ("ba", this->run_all());
}

TYPED_TEST(timer_restart, runs_once_more_what_has_run) {
  const auto one = this->start(1s, "a");
  manual_clock::current += 1s;
  EXPECT_EQ("a", this->run_all());
  EXPECT_FALSE(this->restart(*one, 1s));
  EXPECT_TRUE(one->is_pending() && !one->over().is_set());
  manual_clock::current += 1s;
  EXPECT_EQ("a", this->run_all());
  EXPECT_TRUE(!one->is_pending() && one->over().is_set());
}

TYPED_TEST(timer_restart, runs_what_was_cancelled) {
  const auto one = this->start(1s, "a");
  EXPECT_TRUE(this->service.cancel(*one));
  EXPECT_FALSE(this->restart(*one, 2s));
  EXPECT_TRUE(this->service.cancel(*one));
  EXPECT_FALSE(this->restart(*one, 2s));
  manual_clock::current += 2s;
  EXPECT_EQ("a", this->run_all());
}

TYPED_TEST(timer_restart, within_a_run_is_for_one_more_after_it) {
  typename TestFixture::task one;
  int runs = 0, within = 0;
  one = this->start(1s, [&] {
    EXPECT_EQ(1, ++within);
    EXPECT_FALSE(one->over().is_set());
    if (++runs < 3) {
      EXPECT_FALSE(this->restart(*one, 0s));
    }
    if (runs == 2) {  // instead of the one before
      EXPECT_TRUE(this->restart(*one, 1s));
    }
    --within;
  });
  manual_clock::current += 1s;
  this->run_all();
  EXPECT_EQ(2, runs);
  EXPECT_TRUE(one->is_pending() && !one->over().is_set());
  manual_clock::current += 1s;
  this->run_all();
  EXPECT_EQ(3, runs);
  EXPECT_TRUE(!one->is_pending() && one->over().is_set());
}

TYPED_TEST(timer_restart, within_a_run_can_be_cancelled) {
  typename TestFixture::task one;
  one = this->start(0s, [&] {
    this->ran += "a";
    this->restart(*one, 0s);
    EXPECT_TRUE(this->service.cancel(*one));
    EXPECT_FALSE(this->service.cancel(*one));
    EXPECT_FALSE(one->over().is_set());
  });
  EXPECT_EQ("a", this->run_all());
  EXPECT_TRUE(one->over().is_set());
}

TYPED_TEST(timer_restart, has_no_effect_on_what_is_closed) {
  typename TestFixture::task pends = this->start(1h, "a"), runs;
  runs = this->start(0s, [&] {
    this->ran += "b";
    EXPECT_TRUE(this->service.close(*runs));
    EXPECT_FALSE(this->restart(*runs, 0s));
  });
  EXPECT_FALSE(this->service.close(*pends));
  EXPECT_FALSE(this->restart(*pends, 0s));
  EXPECT_TRUE(pends->over().is_set());
  EXPECT_EQ("b", this->run_all());
  EXPECT_EQ(0u, this->service.size());
}

TYPED_TEST(timer_restart, leaves_what_cannot_be_called_twice_with_its_one_run) {
  using two_part = park::detail::timer_task_of<typename TestFixture::lot, std::function<void(std::unique_ptr<int>)>,
                                               std::unique_ptr<int>>;
  int sum = 0;
  const typename TestFixture::task one(
      new two_part(std::in_place, [&](std::unique_ptr<int> more) { sum += *more; }, std::make_unique<int>(3)));
  EXPECT_FALSE(this->restart(*one, 1s));
  EXPECT_TRUE(this->restart(*one, 0s));
  EXPECT_TRUE(this->service.run_next());
  EXPECT_FALSE(this->restart(*one, 0s));
  EXPECT_FALSE(one->is_pending() || this->service.run_next());
  EXPECT_EQ(3, sum);
}

TYPED_TEST(timer_restart, gives_each_run_the_arguments) {
  using function = void (*)(std::string*, std::string);
  using two_part = park::detail::timer_task_of<typename TestFixture::lot, function, std::string*, std::string>;
  const typename TestFixture::task one(
      new two_part(std::in_place, [](std::string* to, std::string what) { *to += what; }, &this->ran, "some text"));
  for (int run = 0; run < 2; ++run) {
    EXPECT_FALSE(this->restart(*one, 0s));
    EXPECT_EQ("some text", this->run_all());
  }
}

TYPED_TEST(timer_restart, wakes_the_thread_where_it_would_look_too_late_alone) {
  manual_clock::current = std::chrono::steady_clock::now().time_since_epoch();
  const auto one = this->start(1h, "a");
  this->seen.before_park = [&] {
    EXPECT_TRUE(this->restart(*one, 2h));
    EXPECT_EQ(0, this->seen.unparks);
    EXPECT_TRUE(this->restart(*one, 1min));
    EXPECT_EQ(1, this->seen.unparks);
  };
  EXPECT_TRUE(this->service.rest());  // returns: the bell has rung
}

using skips = std::vector<std::uint64_t>;

TYPED_TEST(timer_restart, every_is_due_by_the_start_and_the_period) {
  skips all;
  const auto one = this->start_periodic(10ns, [&](std::uint64_t skipped) { all.push_back(skipped); });
  manual_clock::current += 9ns;
  EXPECT_FALSE(this->service.run_next());
  manual_clock::current += 4ns;  // 13: late by 3
  EXPECT_TRUE(this->service.run_next());
  manual_clock::current += 6ns;  // 19
  EXPECT_FALSE(this->service.run_next());
  manual_clock::current += 1ns;  // 20: not late for the last one's sake
  EXPECT_TRUE(this->service.run_next());
  EXPECT_FALSE(this->service.run_next());
  EXPECT_EQ((skips{0, 0}), all);
}

TYPED_TEST(timer_restart, every_skips_what_has_gone_by_and_says_so) {
  skips all;
  const auto one = this->start_periodic(10ns, [&](std::uint64_t skipped) {
    all.push_back(skipped);
    if (all.size() == 1) manual_clock::current += 35ns;  // a run from 10 to 45, by when those of 20, 30 and 40 are due
  });
  manual_clock::current += 10ns;
  EXPECT_TRUE(this->service.run_next());
  EXPECT_TRUE(this->service.run_next());
  EXPECT_FALSE(this->service.run_next());
  manual_clock::current += 5ns;  // 50
  EXPECT_TRUE(this->service.run_next());
  manual_clock::current += 1000000ns;
  EXPECT_TRUE(this->service.run_next());
  EXPECT_FALSE(this->service.run_next());
  EXPECT_EQ((skips{0, 2, 0, 99999}), all);
}

struct unwinding {};

TYPED_TEST(timer_restart, another_thread_takes_the_place_of_one_that_ends_in_a_run) {
  const auto first = this->start(0s, "a"), last = this->start(1h, "b");
  int others = 0;
  const auto end = [] { throw unwinding(); };
  EXPECT_THROW(this->service.serve(end, [&] { ++others; }), unwinding);
  EXPECT_EQ(1, others);
  const auto third = this->start(0s, "c");
  EXPECT_EQ(1, this->services);  // which has begun
  EXPECT_THROW(this->service.serve(end, [] { throw std::runtime_error("no thread"); }), unwinding);
  const auto fourth = this->start(0s, "d");
  EXPECT_EQ(2, this->services);
  EXPECT_TRUE(this->service.cancel(*last));
  EXPECT_THROW(this->service.serve(end, [&] { ++others; }), unwinding);
  EXPECT_EQ(1, others);
  EXPECT_EQ("acd", this->ran);
}

// Whatever the clock does, each time that was due has a run or was skipped.
TYPED_TEST(timer_restart, every_accounts_for_each_time) {
  std::uint64_t accounted = 0;
  const auto begin = manual_clock::current;
  const auto one = this->start_periodic(7ns, [&](std::uint64_t skipped) { accounted += 1 + skipped; });
  for (int step = 1; step < 2000; ++step) {
    manual_clock::current += std::chrono::nanoseconds(step * step % 23);
    while (this->service.run_next()) {
    }
    ASSERT_EQ((manual_clock::current - begin) / 7ns, static_cast<std::int64_t>(accounted));
  }
}

TYPED_TEST(timer_restart, every_is_pending_until_it_is_cancelled) {
  typename TestFixture::task one;
  int runs = 0;
  one = this->start_periodic(10ns, [&](std::uint64_t) {
    EXPECT_TRUE(one->is_pending());
    if (++runs == 2) {
      EXPECT_TRUE(this->service.cancel(*one));
    }
    EXPECT_FALSE(one->over().is_set());
  });
  manual_clock::current += 10ns;
  EXPECT_TRUE(this->service.run_next());
  EXPECT_TRUE(one->is_pending() && !one->over().is_set());
  manual_clock::current += 10ns;
  EXPECT_TRUE(this->service.run_next());
  EXPECT_TRUE(!one->is_pending() && one->over().is_set());
  manual_clock::current += 1h;
  EXPECT_FALSE(this->service.run_next());
  EXPECT_EQ(2, runs);
}

TYPED_TEST(timer_restart, every_goes_on_from_a_restart) {
  skips all;
  const auto one = this->start_periodic(10ns, [&](std::uint64_t skipped) { all.push_back(skipped); });
  EXPECT_TRUE(this->restart(*one, 3ns));
  manual_clock::current += 3ns;
  EXPECT_TRUE(this->service.run_next());
  manual_clock::current += 9ns;
  EXPECT_FALSE(this->service.run_next());
  manual_clock::current += 1ns;
  EXPECT_TRUE(this->service.run_next());
  EXPECT_TRUE(this->service.cancel(*one));
  EXPECT_FALSE(this->restart(*one, 0s));
  EXPECT_TRUE(this->service.run_next());
  EXPECT_EQ((skips{0, 0, 0}), all);
}

TYPED_TEST(timer_restart, every_goes_on_after_an_exception) {
  static int reports;
  reports = 0;
  park::set_uncaught_exception_handler([](std::string_view, const std::exception_ptr&) { ++reports; });
  const auto one = this->start_periodic(1ns, [](std::uint64_t) { throw std::runtime_error("no such file"); });
  for (int run = 0; run < 3; ++run) {
    manual_clock::current += 1ns;
    EXPECT_TRUE(this->service.run_next());
  }
  EXPECT_EQ(3, reports);
  park::set_uncaught_exception_handler(nullptr);
}

TYPED_TEST(timer_restart, every_ends_with_the_clock) {
  const auto centuries = std::chrono::seconds(9'000'000'000);
  int runs = 0;
  const auto one = this->start_periodic(centuries, [&](std::uint64_t) { ++runs; });
  manual_clock::current += centuries;
  EXPECT_TRUE(this->service.run_next());
  manual_clock::current = std::chrono::nanoseconds((std::numeric_limits<std::int64_t>::max)() - 1);
  EXPECT_FALSE(this->service.run_next());
  EXPECT_TRUE(one->is_pending());
  EXPECT_EQ(1, runs);
}

TYPED_TEST(timer_restart, the_thread_leaves_when_told_and_nothing_is_pending) {
  const auto one = this->start(1s, "a");
  this->service.leave_when_empty();
  manual_clock::current += 1s;
  this->service.serve([this] { this->ran += "+"; }, [] { FAIL() << "nothing is pending"; });
  EXPECT_EQ("a+", this->ran);
  const auto other = this->start(0s, "b");  // as after a thread that is gone
  EXPECT_EQ(2, this->services);
}

}  // namespace
