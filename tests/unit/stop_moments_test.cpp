// A stop request at every moment of a wait's life, over every kind of wait in every lot. Before the wait, while it sleeps and in a race with
// what it waits for: see stop_test.cpp.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/mini_stop.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"
#include "support/waits.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class stop_moment : public support::waiting {
 protected:
  // Returns once so many waits on one object are inside park.
  void until_waiting_on_one(int waits) const {
    support::eventually([&] { return seen.parked >= GetParam().parked + waits; });
  }

  std::stop_source source;
};
PARK_TESTS_INSTANTIATE(stop_moment);

TEST_P(stop_moment, before_the_registration_of_the_callback) {
  const auto wait = make();
  support::mini_stop_source mini;
  mini.before_registration = [&] { mini.request_stop(); };
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait(mini.get_token()));
  EXPECT_EQ(before, seen.parks);
  EXPECT_TRUE(wait->untouched());
}

TEST_P(stop_moment, right_after_the_registration_of_the_callback) {
  const auto wait = make();
  support::mini_stop_source mini;
  mini.after_registration = [&] { mini.request_stop(); };
  const int before = seen.parks;
  EXPECT_FALSE(wait->wait(mini.get_token()));
  EXPECT_EQ(before, seen.parks);
  EXPECT_TRUE(wait->untouched());
}

TEST_P(stop_moment, during_the_spin) {
  seen.on_spin = [&] { source.request_stop(); };
  const auto wait = make();
  seen.spins = 1000;
  const int parks = seen.parks, looks = seen.looks;
  EXPECT_FALSE(wait->wait(source.get_token()));
  EXPECT_EQ(parks, seen.parks);
  EXPECT_EQ(looks + 1, seen.looks);
  EXPECT_TRUE(wait->untouched());
}

// After each of the writes by which the thread registers as a waiter, and at last when it is about to sleep.
TEST_P(stop_moment, after_each_step_on_the_way_to_the_sleep) {
  static thread_local bool is_waiter = false;
  static thread_local int writes_left = 0;
  for (int writes = 0; writes < 4; ++writes) {
    std::stop_source round_source;
    std::atomic<bool> about_to_sleep{false};
    seen.before_park = [&] { about_to_sleep = about_to_sleep || is_waiter; };
    const auto wait = make();
    support::crew requester(1, [&](int) {
      support::eventually([&] { return about_to_sleep || round_source.stop_requested(); });
      round_source.request_stop();
    });
    const auto count_writes = [&](auto& again) -> void {
      if (writes_left-- == 0) {
        round_source.request_stop();
      } else {
        support::after_next_write = [&] { again(again); };
      }
    };
    is_waiter = true;
    writes_left = writes + 1;
    count_writes(count_writes);
    EXPECT_FALSE(wait->wait(round_source.get_token()));
    support::after_next_write = nullptr;
    is_waiter = false;
    requester.join();
    EXPECT_TRUE(wait->untouched());
  }
}

TEST_P(stop_moment, never_since_the_source_is_gone) {
  const auto wait = make();
  auto mortal = std::make_unique<std::stop_source>();
  support::crew crew(1, [&, token = mortal->get_token()](int) { EXPECT_TRUE(wait->wait(token)); });
  until_waiting();
  mortal.reset();
  wait->satisfy();
}

TEST_P(stop_moment, while_it_sleeps_by_the_last_of_several_sources) {
  const auto wait = make();
  auto mortal = std::make_unique<std::stop_source>();
  std::stop_source last = *mortal;
  support::crew crew(1, [&, token = mortal->get_token()](int) { EXPECT_FALSE(wait->wait(token)); });
  until_waiting();
  mortal.reset();
  EXPECT_TRUE(std::exchange(last, std::stop_source(std::nostopstate)).request_stop());
}

TEST_P(stop_moment, while_it_sleeps_ends_each_wait_of_one_token_on_one_object) {
  const auto wait = make();
  support::crew crew(3, [&](int) { EXPECT_FALSE(wait->wait(source.get_token())); });
  until_waiting_on_one(3);
  source.request_stop();
  crew.join();
  EXPECT_TRUE(wait->untouched());
}

TEST_P(stop_moment, while_it_sleeps_leaves_the_waits_of_other_tokens) {
  const auto wait = make();
  std::stop_source other;
  support::crew stopped(1, [&](int) { EXPECT_FALSE(wait->wait(source.get_token())); });
  support::crew not_stopped(1, [&](int) { EXPECT_TRUE(wait->wait(other.get_token())); });
  until_waiting_on_one(2);
  source.request_stop();
  stopped.join();
  wait->satisfy();
}

TEST_P(stop_moment, in_the_second_wait_of_a_token) {
  const auto first = make(), second = make();
  std::atomic<bool> first_over{false};
  support::crew crew(1, [&](int) {
    EXPECT_TRUE(first->wait(source.get_token()));
    first_over = true;
    EXPECT_FALSE(second->wait(source.get_token()));
    EXPECT_FALSE(second->wait(source.get_token()));
  });
  support::eventually([&] { return seen.parked >= 2 * GetParam().parked + 1; });
  first->satisfy();
  support::eventually([&] { return first_over && seen.parks >= 2 * GetParam().parked + 2; });
  source.request_stop();
  crew.join();
  EXPECT_TRUE(second->untouched());
}

// Whichever is first, the wait is over and has left nothing.
TEST_P(stop_moment, as_the_deadline_comes) {
  const int rounds = support::scaled(50);
  const auto wait = make();
  for (int round = 0; round < rounds; ++round) {
    std::stop_source round_source;
    const auto until = steady_clock::now() + 150us;
    support::crew requester(1, [&](int) {
      const auto about_then = until + std::chrono::microseconds(round % 50 - 25);
      support::eventually([&] { return steady_clock::now() >= about_then; });
      round_source.request_stop();
    });
    EXPECT_FALSE(wait->wait_until(round_source.get_token(), until));
  }
  EXPECT_TRUE(wait->untouched());
}

}  // namespace
