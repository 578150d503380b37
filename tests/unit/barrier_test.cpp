// park::barrier: one test per sentence of its contract. Its timed and stoppable waits: timeout_test, stop_test.
#include "park/barrier.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class barrier : public testing::Test {
 protected:
  using type = park::basic_barrier<park::detail::no_completion, Lot>;
  using completing_type = park::basic_barrier<std::function<void()>, Lot>;
};
TYPED_TEST_SUITE(barrier, support::lots, support::by_name);

template <class Lot>
class barrier_observed : public support::observing<Lot> {
 protected:
  using type = park::basic_barrier<park::detail::no_completion, support::observed_lot<Lot>>;
  using completing_type = park::basic_barrier<std::function<void()>, support::observed_lot<Lot>>;
};
TYPED_TEST_SUITE(barrier_observed, support::lots, support::by_name);

TYPED_TEST(barrier, a_phase_ends_with_its_last_arrival_and_not_before) {
  typename TestFixture::type three(3);
  const auto first = three.arrive();
  EXPECT_FALSE(three.try_wait(first));
  const auto second = three.arrive();
  EXPECT_FALSE(three.try_wait(first));
  const auto third = three.arrive();
  EXPECT_TRUE(three.try_wait(first));
  EXPECT_TRUE(three.try_wait(second));
  EXPECT_TRUE(three.try_wait(third));
}

TYPED_TEST(barrier, one_thread_meets_itself_phase_after_phase) {
  typename TestFixture::type one(1);
  for (int phase = 0; phase < 5; ++phase) one.arrive_and_wait();
}

TYPED_TEST(barrier, arrive_counts_n) {
  typename TestFixture::type five(5);
  const auto most = five.arrive(4);
  EXPECT_FALSE(five.try_wait(most));
  five.wait(five.arrive());
  EXPECT_TRUE(five.try_wait(most));
  five.wait(five.arrive(5));
}

TYPED_TEST(barrier, of_max_takes_max_arrivals) {
  constexpr std::ptrdiff_t max = TestFixture::type::max();
  typename TestFixture::type all(max);
  const auto most = all.arrive(max - 1);
  EXPECT_FALSE(all.try_wait(most));
  all.arrive_and_wait();
  EXPECT_TRUE(all.try_wait(most));
  all.wait(all.arrive(max));
}

TYPED_TEST(barrier, a_token_of_a_phase_that_is_over_returns_at_once) {
  typename TestFixture::type one(1);
  auto old = one.arrive();
  for (int phase = 0; phase < 3; ++phase) one.arrive_and_wait();
  EXPECT_TRUE(one.try_wait(old));
  EXPECT_TRUE(one.wait_for(old, 0s));
  one.wait(std::move(old));
}

TYPED_TEST(barrier, a_token_can_be_moved) {
  typename TestFixture::type two(2);
  auto one = two.arrive();
  auto other(std::move(one));
  one = two.arrive();
  one = std::move(other);
  EXPECT_TRUE(two.try_wait(one));
  two.wait(std::move(one));
}

TYPED_TEST(barrier, meets_phase_after_phase) {
  constexpr int size = 4, phases = 200;
  typename TestFixture::type round(size);
  int progress[size] = {};  // not atomic: the barrier orders every access
  support::crew crew(size, [&](int index) {
    for (int phase = 1; phase <= phases; ++phase) {
      progress[index] = phase;
      round.arrive_and_wait();
      for (const int each : progress) EXPECT_EQ(phase, each);
      round.arrive_and_wait();
    }
  });
}

TYPED_TEST(barrier, completion_runs_exactly_once_per_phase) {
  constexpr int size = 4, phases = 100;
  int runs = 0;  // not atomic: no two runs at once
  typename TestFixture::completing_type round(size, [&] { ++runs; });
  support::crew crew(size, [&](int) {
    for (int phase = 0; phase < phases; phase += 2) {
      round.arrive_and_wait();
      EXPECT_EQ(phase + 1, runs);
      round.arrive_and_wait();
    }
  });
  crew.join();
  EXPECT_EQ(phases, runs);
}

TYPED_TEST(barrier, completion_runs_in_the_thread_of_the_last_arrival) {
  std::thread::id ran_in;
  typename TestFixture::completing_type two(2, [&] { ran_in = std::this_thread::get_id(); });
  support::crew crew;
  std::thread::id last;
  const auto first = two.arrive();
  crew.add([&] {
    last = std::this_thread::get_id();
    EXPECT_TRUE(two.try_wait(two.arrive()));
  });
  crew.join();
  EXPECT_EQ(last, ran_in);
  EXPECT_TRUE(two.try_wait(first));
}

TYPED_TEST(barrier, completion_runs_before_anyone_is_released) {
  using completing = typename TestFixture::completing_type;
  std::optional<typename completing::arrival_token> first;
  bool released_early = true;
  completing* self = nullptr;
  completing two(2, [&] { released_early = self->try_wait(*first); });
  self = &two;
  first.emplace(two.arrive());
  two.arrive_and_wait();
  EXPECT_FALSE(released_early);
  EXPECT_TRUE(two.try_wait(*first));
}

TYPED_TEST(barrier, completion_sees_every_arrival_and_every_wait_sees_the_completion) {
  constexpr int size = 3;
  int data[size] = {}, sum = 0;  // not atomic
  typename TestFixture::completing_type round(size, [&] {
    for (const int each : data) sum += each;
  });
  support::crew crew;
  for (int index = 0; index < size; ++index) {
    crew.add([&, index] {
      data[index] = 1;
      auto token = round.arrive();
      if (index == 0) round.wait(std::move(token));
      if (index == 1) support::eventually([&] { return round.try_wait(token); });
      if (index == 2) {
        EXPECT_TRUE(round.wait_for(token, 1h));
      }
      EXPECT_EQ(size, sum);
    });
  }
}

TYPED_TEST(barrier, arrive_and_drop_is_expected_no_more_from_the_next_phase_on) {
  typename TestFixture::type three(3);
  three.arrive_and_drop();
  const auto second = three.arrive();
  EXPECT_FALSE(three.try_wait(second));
  three.arrive_and_wait();
  const auto next = three.arrive();  // two are expected now
  EXPECT_FALSE(three.try_wait(next));
  three.arrive_and_wait();
  EXPECT_TRUE(three.try_wait(next));
}

TYPED_TEST(barrier, a_drop_that_is_the_last_arrival_runs_the_completion) {
  int runs = 0;
  typename TestFixture::completing_type two(2, [&] { ++runs; });
  const auto first = two.arrive();
  two.arrive_and_drop();
  EXPECT_EQ(1, runs);
  EXPECT_TRUE(two.try_wait(first));
  two.arrive_and_wait();  // alone
  EXPECT_EQ(2, runs);
}

TYPED_TEST(barrier, everyone_may_drop_out) {
  int runs = 0;
  typename TestFixture::completing_type two(2, [&] { ++runs; });
  two.arrive_and_drop();
  EXPECT_EQ(0, runs);
  two.arrive_and_drop();
  EXPECT_EQ(1, runs);
}

TYPED_TEST(barrier, of_zero_can_be_made_and_destroyed) { [[maybe_unused]] const typename TestFixture::type nobody(0); }

TYPED_TEST(barrier, all_but_one_drop_while_the_rest_go_on) {
  constexpr int size = 4, phases = 50;
  int runs = 0;
  typename TestFixture::completing_type round(size, [&] { ++runs; });
  support::crew crew(size, [&](int index) {
    const int mine = index == 0 ? phases : phases / (index + 1);
    for (int phase = 1; phase < mine; ++phase) round.arrive_and_wait();
    round.arrive_and_drop();
  });
  crew.join();
  EXPECT_EQ(phases, runs);
}

TYPED_TEST(barrier, a_completion_that_throws_terminates_the_program) {
  const auto throws = [] {
    std::set_terminate([] {
      std::fputs("terminated\n", stderr);
      std::abort();
    });
    typename TestFixture::completing_type one(1, [] { throw std::runtime_error("from the completion step"); });
    static_cast<void>(one.arrive());
  };
  EXPECT_DEATH(throws(), "terminated");
}

TYPED_TEST(barrier_observed, the_last_arrival_wakes_everyone_at_once) {
  constexpr int waiters = 5;
  typename TestFixture::type all(waiters + 1);
  support::crew crew(waiters, [&](int) { all.arrive_and_wait(); });
  this->until_parked(waiters);
  all.arrive_and_wait();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(barrier_observed, arrivals_before_the_last_wake_nobody) {
  typename TestFixture::type three(3);
  support::crew crew(1, [&](int) { three.arrive_and_wait(); });
  this->until_parked(1);
  const auto second = three.arrive();
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_FALSE(three.try_wait(second));
  three.arrive_and_wait();
}

TYPED_TEST(barrier_observed, who_waits_during_the_completion_is_woken_after_it) {
  typename TestFixture::completing_type two(2, [&] { this->until_parked(1); });
  auto first = two.arrive();
  support::crew crew;
  std::atomic<bool> last_arrives{false};
  crew.add([&] {
    support::eventually([&] { return last_arrives.load(); });
    two.wait(std::move(first));
  });
  last_arrives = true;
  two.arrive_and_wait();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(barrier_observed, a_turn_just_before_the_sleep_is_not_slept_through) {
  typename TestFixture::type two(2);
  auto first = two.arrive();
  this->seen.before_park = [&] {
    if (!two.try_wait(first)) static_cast<void>(two.arrive());
  };
  EXPECT_TRUE(two.wait_for(first, 1h));
  EXPECT_GE(this->seen.parks, 1);
}

TYPED_TEST(barrier_observed, the_mark_of_sleepers_is_cleared_by_the_turn) {
  typename TestFixture::type two(2);
  const auto slept = two.arrive();
  EXPECT_FALSE(two.wait_for(slept, 1ms));
  static_cast<void>(two.arrive());
  EXPECT_LE(this->seen.unparks, 1);
  const int before = this->seen.unparks;
  static_cast<void>(two.arrive(2));
  EXPECT_EQ(before, this->seen.unparks);
}

}  // namespace
