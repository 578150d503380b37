// Waits that a stop request ends: over every kind of wait that the library has, in every lot, with std::stop_token and with another
// token type.
#include "park/stop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <vector>

#include "support/clocks.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/mini_stop.hpp"
#include "support/sanitizers.hpp"
#include "support/waits.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class stop : public support::waiting {
 protected:
  std::stop_source source;
};
PARK_TESTS_INSTANTIATE(stop);

class stop_alone : public stop {};
PARK_TESTS_INSTANTIATE_OVER(stop_alone, support::kinds_of_wait_alone());

static_assert(park::stoppable_token<std::stop_token>);
static_assert(park::stoppable_token<support::mini_stop_source::token>);
static_assert(!park::stoppable_token<int>);
static_assert(!park::stoppable_token<std::stop_source>);

TEST_P(stop, requested_before_does_not_wait) {
  const auto wait = make();
  const int before = seen.parks;
  source.request_stop();
  EXPECT_FALSE(wait->wait(source.get_token()));
  EXPECT_FALSE(wait->wait_for(source.get_token(), 1h));
  EXPECT_FALSE(wait->wait_until(source.get_token(), steady_clock::time_point::max()));
  EXPECT_FALSE(wait->wait_until(source.get_token(), support::slow_clock::now() + 1h));
  EXPECT_EQ(before, seen.parks);
  EXPECT_TRUE(wait->untouched());
}

TEST_P(stop_alone, requested_before_leaves_no_trace) {
  const auto wait = make();
  source.request_stop();
  EXPECT_FALSE(wait->wait(source.get_token()));
  wait->satisfy();
  EXPECT_EQ(0, seen.unparks);
}

TEST_P(stop, requested_before_does_not_spin) {
  const auto wait = make();
  source.request_stop();
  seen.spins = 1000;
  const int before = seen.looks;
  EXPECT_FALSE(wait->wait(source.get_token()));
  EXPECT_EQ(before, seen.looks);
}

TEST_P(stop, requested_before_takes_what_is_there) {
  const auto wait = make();
  wait->satisfy();
  support::eventually([&] { return seen.parked == 0; });
  source.request_stop();
  support::eventually([&] { return wait->wait(source.get_token()); });
}

TEST_P(stop, requested_during_the_wait_ends_it) {
  const auto wait = make();
  {
    support::crew crew(1, [&](int) { EXPECT_FALSE(wait->wait(source.get_token())); });
    until_waiting();
    source.request_stop();
  }
  EXPECT_TRUE(wait->untouched());
}

TEST_P(stop, requested_during_a_timed_wait_ends_it) {
  const auto one = make(), other = make(), third = make();
  support::crew crew;
  crew.add([&] { EXPECT_FALSE(one->wait_for(source.get_token(), 1h)); });
  crew.add([&] { EXPECT_FALSE(other->wait_until(source.get_token(), std::chrono::system_clock::now() + 1h)); });
  crew.add([&] { EXPECT_FALSE(third->wait_until(source.get_token(), support::slow_clock::now() + 1h)); });
  until_waiting(3);
  source.request_stop();
}

TEST_P(stop, of_another_token_type_ends_the_wait) {
  const auto wait = make();
  support::mini_stop_source mini;
  {
    support::crew crew(1, [&](int) { EXPECT_FALSE(wait->wait(mini.get_token())); });
    until_waiting();
    EXPECT_EQ(1u, mini.callbacks());
    mini.request_stop();
  }
  EXPECT_TRUE(wait->untouched());
}

TEST_P(stop, requested_after_the_wait_finds_nobody) {
  const auto wait = make();
  support::mini_stop_source mini;
  {
    support::crew crew(1, [&](int) { EXPECT_TRUE(wait->wait(mini.get_token())); });
    until_waiting();
    wait->satisfy();
  }
  EXPECT_EQ(0u, mini.callbacks());
  mini.request_stop();
}

TEST_P(stop, never_requested_leaves_the_wait_as_it_is) {
  const auto wait = make();
  {
    support::crew crew(
        1, [&](int) { EXPECT_TRUE(wait->wait(std::stop_token())); });  // a token that nobody can request a stop of
    until_waiting();
    wait->satisfy();
  }
}

TEST_P(stop, a_timeout_comes_first) {
  const auto wait = make();
  const auto begin = steady_clock::now();
  EXPECT_FALSE(wait->wait_for(source.get_token(), 2ms));
  EXPECT_GE(steady_clock::now() - begin, 2ms);
  EXPECT_FALSE(wait->wait_until(source.get_token(), support::slow_clock::now() + 1ms));
  EXPECT_FALSE(source.stop_requested());
  EXPECT_TRUE(wait->untouched());
}

TEST_P(stop, requested_in_a_callback_of_another_token) {
  const auto wait = make();
  std::stop_source outer, inner;
  const std::stop_callback chain(outer.get_token(), [&] { inner.request_stop(); });
  {
    support::crew crew(1, [&](int) { EXPECT_FALSE(wait->wait(inner.get_token())); });
    until_waiting();
    outer.request_stop();
  }
}

TEST_P(stop, requested_in_a_callback_beside_the_waiters_own) {
  const auto wait = make();
  std::atomic<int> calls{0};
  const std::stop_callback before(source.get_token(), [&] { ++calls; });
  {
    support::crew crew(1, [&](int) { EXPECT_FALSE(wait->wait(source.get_token())); });
    until_waiting();
    const std::stop_callback after(source.get_token(), [&] {
      ++calls;
      source.request_stop();  // again, from within
    });
    source.request_stop();
  }
  EXPECT_EQ(2, calls);
}

// The request comes when the waiter has looked for one and not yet fallen asleep: an unpark then finds nobody.
TEST_P(stop, requested_between_the_look_and_the_sleep_is_not_slept_through) {
  static thread_local bool is_waiter = false;
  std::atomic<bool> about_to_sleep{false};
  seen.before_park = [&] {
    if (!is_waiter) return;
    about_to_sleep = true;
    support::eventually([&] { return source.stop_requested(); });
    const int unparks = seen.unparks;
    support::eventually([&] { return seen.unparks > unparks; });  // the first one is in vain
  };
  const auto wait = make();
  support::crew crew(1, [&](int) {
    is_waiter = true;
    EXPECT_FALSE(wait->wait(source.get_token()));
    is_waiter = false;
  });
  support::eventually([&] { return about_to_sleep.load(); });
  source.request_stop();
}

TEST_P(stop, many_waiters_on_one_token_all_end) {
  constexpr int waiters = 4;
  std::vector<std::unique_ptr<support::any_wait>> waits;
  for (int index = 0; index < waiters; ++index) waits.push_back(make());
  support::crew crew(
      waiters, [&](int index) { EXPECT_FALSE(waits[static_cast<std::size_t>(index)]->wait(source.get_token())); });
  until_waiting(waiters);
  source.request_stop();
}

TEST_P(stop, the_wait_works_on_after_a_stop) {
  const auto wait = make();
  {
    support::crew crew(1, [&](int) { EXPECT_FALSE(wait->wait(source.get_token())); });
    until_waiting();
    source.request_stop();
  }
  support::crew crew(1, [&](int) { EXPECT_TRUE(wait->wait(std::stop_token())); });
  until_waiting();
  wait->satisfy();
}

// Whichever comes first, what was satisfied is taken once: by this wait, or by the next.
TEST_P(stop, racing_with_what_is_waited_for_loses_nothing) {
  const int rounds = support::scaled(200);
  for (int round = 0; round < rounds; ++round) {
    const auto wait = make();
    std::stop_source round_source;
    bool satisfied = false;
    support::crew waiter(1, [&](int) { satisfied = wait->wait(round_source.get_token()); });
    if (round % 2 == 0) until_waiting();
    support::crew requester(1, [&](int) { round_source.request_stop(); });
    wait->satisfy();
    waiter.join();
    requester.join();
    if (!satisfied) wait->wait();
  }
}

}  // namespace
