// The service of park::timer, by a clock that the test moves and in the test's own thread.
#include "park/detail/timer_service.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "park/uncaught_exception.hpp"
#include "support/crew.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"
#include "support/served_timers.hpp"

namespace {

using namespace std::chrono_literals;

TEST(timer_heap, gives_the_earliest_first_and_of_equal_ones_the_first_pushed) {
  struct element : park::detail::timer_heap::member {
    std::int64_t time = 0;
  };
  std::mt19937 dice(1);
  std::vector<std::unique_ptr<element>> elements;
  for (int count = 0; count < 300; ++count) elements.push_back(std::make_unique<element>());
  park::detail::timer_heap heap;
  std::multimap<std::int64_t, element*> expected;  // keeps the order of equal ones
  const int steps = support::scaled(100000);
  for (int step = 0; step < steps; ++step) {
    element& one = *elements[dice() % elements.size()];
    if (heap.holds(one)) {
      auto place = expected.find(one.time);
      while (place->second != &one) ++place;
      expected.erase(place);
      heap.remove(one);
    } else {
      one.time = static_cast<std::int64_t>(dice() % 40);
      expected.emplace(one.time, &one);
      heap.push(one, one.time);
    }
    ASSERT_EQ(expected.size(), heap.size());
    ASSERT_EQ(expected.empty(), heap.empty());
    if (heap.empty()) continue;
    ASSERT_EQ(expected.begin()->first, heap.first_time());
    ASSERT_EQ(expected.begin()->second, &heap.first());
  }
  while (!heap.empty()) {
    ASSERT_EQ(expected.begin()->second, &heap.first());
    expected.erase(expected.begin());
    heap.remove(heap.first());
  }
  EXPECT_TRUE(expected.empty());
}

template <class Lot>
using timer_service = support::served_timers<Lot>;
TYPED_TEST_SUITE(timer_service, support::lots, support::by_name);
using support::manual_clock;

TYPED_TEST(timer_service, begins_to_serve_with_the_first_start_alone) {
  EXPECT_EQ(0, this->services);
  const auto one = this->start(1s, "a");
  const auto other = this->start(0s, "b");
  EXPECT_EQ(1, this->services);
}

TYPED_TEST(timer_service, runs_each_once_and_not_before_its_time) {
  const auto one = this->start(10ns, "a");
  manual_clock::current += 9ns;
  EXPECT_EQ("", this->run_all());
  EXPECT_TRUE(one->is_pending());
  EXPECT_FALSE(one->over().is_set());
  manual_clock::current += 1ns;
  EXPECT_EQ("a", this->run_all());
  EXPECT_FALSE(one->is_pending());
  EXPECT_TRUE(one->over().is_set());
  manual_clock::current += 1h;
  EXPECT_EQ("", this->run_all());
}

TYPED_TEST(timer_service, runs_by_time_and_then_in_the_order_of_starts) {
  const auto late = this->start(3s, "d"), first = this->start(1s, "a"), second = this->start(1s, "b"),
             third = this->start(1s, "c");
  manual_clock::current += 1h;
  EXPECT_EQ("abcd", this->run_all());
}

TYPED_TEST(timer_service, never_runs_what_is_too_long_to_come) {
  const typename TestFixture::task never(
      new typename TestFixture::task_type(std::in_place, [this] { this->ran += "never"; }));
  this->service.start(*never, park::deadline::never(), [] {});
  manual_clock::current = std::chrono::nanoseconds(std::numeric_limits<std::int64_t>::max() - 1);
  EXPECT_EQ("", this->run_all());
  EXPECT_TRUE(this->service.cancel(*never));
}

TYPED_TEST(timer_service, cancels_once_what_has_not_begun_to_run) {
  const auto first = this->start(1s, "a"), second = this->start(2s, "b"), third = this->start(3s, "c");
  EXPECT_TRUE(this->service.cancel(*second));
  EXPECT_FALSE(this->service.cancel(*second));
  EXPECT_FALSE(second->is_pending());
  EXPECT_TRUE(second->over().is_set());
  manual_clock::current += 1h;
  EXPECT_EQ("ac", this->run_all());
  EXPECT_FALSE(this->service.cancel(*first));
}

TYPED_TEST(timer_service, keeps_nothing_of_what_is_cancelled) {
  const auto held = std::make_shared<int>();
  auto one = this->start(1h, [held] {});
  EXPECT_TRUE(this->service.cancel(*one));
  EXPECT_EQ(0u, this->service.size());
  EXPECT_EQ(2, held.use_count());  // it may be started again
  one.reset();
  EXPECT_EQ(1, held.use_count());
}

TYPED_TEST(timer_service, keeps_nothing_of_what_has_run) {
  const auto held = std::make_shared<int>();
  auto one = this->start(0s, [held] {});
  EXPECT_TRUE(this->service.run_next());
  EXPECT_EQ(0u, this->service.size());
  EXPECT_EQ(2, held.use_count());
  one.reset();
  EXPECT_EQ(1, held.use_count());
  this->start(0s, [held] {}).reset();  // nobody else holds it
  EXPECT_TRUE(this->service.run_next());
  EXPECT_EQ(1, held.use_count());
}

TYPED_TEST(timer_service, lets_the_callable_start_and_cancel) {
  typename TestFixture::task started, cancelled = this->start(2s, "cancelled"), own;
  own = this->start(1s, [&] {
    this->ran += "a";
    EXPECT_FALSE(this->service.cancel(*own));
    EXPECT_TRUE(this->service.cancel(*cancelled));
    started = this->start(0s, "b");
  });
  manual_clock::current += 1h;
  EXPECT_EQ("ab", this->run_all());
}

std::string last_report;

TYPED_TEST(timer_service, reports_what_a_callable_throws_and_goes_on) {
  park::set_uncaught_exception_handler([](std::string_view thread, const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& known) {
      last_report = std::string(thread) + ": " + known.what();
    }
  });
  const auto one = this->start(0s, [] { throw std::runtime_error("no such file"); });
  const auto other = this->start(0s, "b");
  EXPECT_EQ("b", this->run_all());
  EXPECT_EQ("park-timer: no such file", last_report);
  EXPECT_TRUE(one->over().is_set());
  park::set_uncaught_exception_handler(nullptr);
}

// What a start that fails leaves: nothing.
TYPED_TEST(timer_service, is_as_before_where_it_cannot_begin_to_serve) {
  const auto held = std::make_shared<int>();
  typename TestFixture::task one(new typename TestFixture::task_type(std::in_place, [held] {}));
  EXPECT_THROW(this->service.start(*one, this->at(0ns), [] { throw std::runtime_error("no thread"); }),
               std::runtime_error);
  EXPECT_FALSE(one->is_pending());
  EXPECT_FALSE(this->service.cancel(*one));
  EXPECT_EQ(0u, this->service.size());
  one.reset();
  EXPECT_EQ(1, held.use_count());
  const auto other = this->start(0s, "b");
  EXPECT_EQ(1, this->services);
  EXPECT_EQ("b", this->run_all());
}

TYPED_TEST(timer_service, sleeps_until_the_first_is_due) {
  manual_clock::current = std::chrono::steady_clock::now().time_since_epoch();
  support::crew server(1, [&](int) { this->service.rest(); });
  this->until_parked(1);
  EXPECT_TRUE(this->seen.deadlines().back().is_never());
  const auto one = this->start(1h, "a");
  server.join();
  server.add([&] { this->service.rest(); });
  this->until_parked(1);
  EXPECT_EQ(manual_clock::current + 1h, this->seen.deadlines().back().since_epoch());
  const auto earlier = this->start(1min, "b");
  server.join();
}

TYPED_TEST(timer_service, wakes_its_thread_only_for_what_is_due_before_all_others) {
  manual_clock::current = std::chrono::steady_clock::now().time_since_epoch();
  auto first = this->start(1h, "a");
  EXPECT_FALSE(this->service.run_next());
  const auto awake = this->start(1min, "b");  // the thread does not sleep yet
  EXPECT_TRUE(this->service.cancel(*awake));
  support::crew server(1, [&](int) { this->service.rest(); });
  this->until_parked(1);
  EXPECT_EQ(0, this->seen.unparks);
  const auto later = this->start(2h, "c"), equal = this->start(1h, "d");
  EXPECT_TRUE(this->service.cancel(*later) && this->service.cancel(*first) && this->service.cancel(*equal));
  const auto later_than_it_sleeps = this->start(61min, "e");
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(1, this->seen.parks);
  const auto earlier = this->start(59min, "f");
  server.join();
  EXPECT_EQ(1, this->seen.unparks);
  EXPECT_EQ(1, this->seen.wakes);
}

TYPED_TEST(timer_service, wakes_its_thread_once_though_it_does_not_look_yet) {
  manual_clock::current = std::chrono::steady_clock::now().time_since_epoch();
  const auto first = this->start(1h, "a");
  std::vector<typename TestFixture::task> more;
  this->seen.before_park = [&] {
    for (const auto delay : {50min, 51min, 50min, 49min}) more.push_back(this->start(delay, "b"));
  };
  this->service.rest();  // returns: the bell has rung
  EXPECT_EQ(2, this->seen.unparks);
}

TYPED_TEST(timer_service, holds_a_hundred_thousand) {
  const int count = support::scaled(100000);
  std::mt19937 dice(2);
  std::vector<typename TestFixture::task> all;
  int runs = 0;
  for (int index = 0; index < count; ++index) {
    all.push_back(this->start(std::chrono::microseconds(dice() % 1000000), [&runs] { ++runs; }));
  }
  int cancelled = 0;
  for (std::size_t index = 0; index < all.size(); index += 2) cancelled += this->service.cancel(*all[index]) ? 1 : 0;
  EXPECT_EQ((count + 1) / 2, cancelled);
  EXPECT_EQ(static_cast<std::size_t>(count / 2), this->service.size());
  manual_clock::current += 1s;
  this->run_all();
  EXPECT_EQ(count / 2, runs);
  EXPECT_EQ(0u, this->service.size());
}

}  // namespace
