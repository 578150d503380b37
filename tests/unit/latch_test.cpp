// park::latch: one test per sentence of its contract. Its timed and stoppable waits: timeout_test, stop_test.
#include "park/latch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <stop_token>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class latch : public testing::Test {
 protected:
  using type = park::basic_latch<Lot>;
};
TYPED_TEST_SUITE(latch, support::lots, support::by_name);

template <class Lot>
class latch_observed : public support::observing<Lot> {
 protected:
  using type = park::basic_latch<support::observed_lot<Lot>>;
};
TYPED_TEST_SUITE(latch_observed, support::lots, support::by_name);

TYPED_TEST(latch, of_zero_is_open_from_the_start) {
  const typename TestFixture::type open(0);
  EXPECT_TRUE(open.try_wait());
  open.wait();
}

TYPED_TEST(latch, opens_at_zero_and_not_before) {
  typename TestFixture::type three(3);
  three.count_down();
  EXPECT_FALSE(three.try_wait());
  three.count_down();
  EXPECT_FALSE(three.try_wait());
  three.count_down();
  EXPECT_TRUE(three.try_wait());
}

TYPED_TEST(latch, stays_open) {
  typename TestFixture::type one(1);
  one.count_down();
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(one.try_wait());
    one.wait();
  }
}

TYPED_TEST(latch, counts_down_several_at_once) {
  typename TestFixture::type five(5);
  five.count_down(4);
  EXPECT_FALSE(five.try_wait());
  five.count_down(1);
  EXPECT_TRUE(five.try_wait());
}

TYPED_TEST(latch, counting_down_by_zero_changes_nothing) {
  typename TestFixture::type one(1);
  one.count_down(0);
  EXPECT_FALSE(one.try_wait());
  one.count_down();
  one.count_down(0);
  EXPECT_TRUE(one.try_wait());
}

TYPED_TEST(latch, of_max_can_be_counted_down_at_once_or_in_part) {
  constexpr std::ptrdiff_t max = TestFixture::type::max();
  typename TestFixture::type whole(max), parts(max);
  whole.count_down(max);
  EXPECT_TRUE(whole.try_wait());
  parts.count_down(max - 1);
  EXPECT_FALSE(parts.try_wait());
  parts.count_down();
  EXPECT_TRUE(parts.try_wait());
}

TYPED_TEST(latch, arrive_and_wait_of_the_last_returns) {
  typename TestFixture::type three(3);
  three.count_down();
  three.arrive_and_wait(2);
  EXPECT_TRUE(three.try_wait());
}

TYPED_TEST(latch, arrive_and_wait_meets) {
  constexpr int size = 4;
  typename TestFixture::type all(size);
  int arrived[size] = {};
  support::crew crew(size, [&](int index) {
    arrived[index] = 1;
    all.arrive_and_wait();
    for (const int each : arrived) EXPECT_EQ(1, each);
  });
}

// The data below is not atomic: ThreadSanitizer tells if a wait does not synchronize.
TYPED_TEST(latch, each_count_down_synchronizes_with_every_kind_of_wait) {
  typename TestFixture::type done(2);
  int data[2] = {0, 0};
  const auto expect_data = [&] { EXPECT_EQ(3, data[0] + data[1]); };
  support::crew crew(2, [&](int index) {
    data[index] = index + 1;
    done.count_down();
  });
  crew.add([&] { done.wait(), expect_data(); });
  crew.add([&] { support::eventually([&] { return done.try_wait(); }), expect_data(); });
  crew.add([&] { EXPECT_TRUE(done.wait_for(1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(done.wait_until(std::chrono::system_clock::now() + 1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(done.wait(std::stop_token())), expect_data(); });
}

TYPED_TEST(latch_observed, wakes_everyone_at_zero) {
  constexpr int waiters = 5;
  typename TestFixture::type two(2);
  support::crew crew(waiters, [&](int) { two.wait(); });
  this->until_parked(waiters);
  two.count_down(2);
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(latch_observed, wakes_nobody_before_zero) {
  typename TestFixture::type two(2);
  support::crew crew(1, [&](int) { two.wait(); });
  this->until_parked(1);
  two.count_down();
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_FALSE(two.try_wait());
  two.count_down();
}

// A count_down between a waiter's look at the word and its sleep changes the word; the waiter must look again, not sleep on.
TYPED_TEST(latch_observed, a_count_down_to_zero_just_before_the_sleep_is_not_slept_through) {
  typename TestFixture::type two(2);
  this->seen.before_park = [&] {
    if (!two.try_wait()) two.count_down();
  };
  two.wait();
  EXPECT_GE(this->seen.parks, 1);
}

TYPED_TEST(latch_observed, a_spin_that_ends_in_an_open_latch_parks_nobody) {
  typename TestFixture::type one(1);
  this->seen.spins = 10;
  this->seen.on_spin = [&] {
    if (!one.try_wait()) one.count_down();
  };
  one.wait();
  EXPECT_EQ(0, this->seen.parks);
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(1, this->seen.paid_off);
}

}  // namespace
