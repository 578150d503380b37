// park::counting_semaphore: one test per sentence of its contract, but for acquire(n), see collecting_test, and the timed and
// stoppable members, see timeout_test and stop_test.
#include "park/semaphore.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stop_token>

#include "support/crew.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/semaphore_widths.hpp"
#include "support/synchronizing.hpp"

namespace {

using namespace std::chrono_literals;

template <class Width>
class semaphore : public testing::Test {
 protected:
  using type = typename Width::type;
};
TYPED_TEST_SUITE(semaphore, support::semaphore_widths, support::by_name);

template <class Width>
class semaphore_observed : public support::observing<typename Width::lot> {
 protected:
  using type = typename Width::observed;
};
TYPED_TEST_SUITE(semaphore_observed, support::semaphore_widths, support::by_name);

TYPED_TEST(semaphore, acquire_takes_one_and_release_gives_back) {
  typename TestFixture::type two(2);
  two.acquire();
  EXPECT_EQ(1, two.available());
  two.acquire();
  EXPECT_EQ(0, two.available());
  two.release();
  EXPECT_EQ(1, two.available());
}

TYPED_TEST(semaphore, try_acquire_takes_what_is_there_and_fails_on_nothing) {
  typename TestFixture::type one(1);
  EXPECT_TRUE(one.try_acquire());
  EXPECT_FALSE(one.try_acquire());
  EXPECT_EQ(0, one.available());
}

TYPED_TEST(semaphore, release_adds_n) {
  typename TestFixture::type none(0);
  none.release(7);
  EXPECT_EQ(7, none.available());
}

TYPED_TEST(semaphore, release_of_zero_does_nothing) {
  typename TestFixture::type none(0), one(1);
  none.release(0);
  one.release(0);
  EXPECT_EQ(0, none.available());
  EXPECT_EQ(1, one.available());
}

TYPED_TEST(semaphore, acquire_of_zero_does_nothing) {
  typename TestFixture::type none(0);
  none.acquire(0);
  EXPECT_TRUE(none.try_acquire(0));
  EXPECT_TRUE(none.try_acquire_for(0, 0s));
  EXPECT_TRUE(none.try_acquire_until(0, std::chrono::steady_clock::time_point::min()));
  EXPECT_TRUE(none.acquire(0, std::stop_token()));
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(semaphore, holds_max_permits) {
  constexpr std::ptrdiff_t max = TestFixture::type::max();
  typename TestFixture::type permits(0);
  permits.release(max);
  EXPECT_EQ(max, permits.available());
  EXPECT_TRUE(permits.try_acquire(max));
  EXPECT_EQ(0, permits.available());
  permits.release(max - 1);
  permits.release();
  EXPECT_EQ(max, permits.available());
  EXPECT_TRUE(permits.try_acquire());
  EXPECT_EQ(max - 1, permits.available());
}

TYPED_TEST(semaphore, one_permit_admits_one_thread_at_a_time) {
  constexpr int threads = 4, rounds = 500;
  typename TestFixture::type mutual_exclusion(1);
  int inside = 0, visits = 0;  // not atomic: the semaphore guards them
  support::crew crew(threads, [&](int) {
    for (int round = 0; round < rounds; ++round) {
      mutual_exclusion.acquire();
      EXPECT_EQ(1, ++inside);
      ++visits;
      --inside;
      mutual_exclusion.release();
    }
  });
  crew.join();
  EXPECT_EQ(threads * rounds, visits);
  EXPECT_EQ(1, mutual_exclusion.available());
}

TYPED_TEST(semaphore, each_release_synchronizes_with_every_kind_of_acquire) {
  typename TestFixture::type ready(0);
  support::expect_every_acquire_to_synchronize(ready);
}

TYPED_TEST(semaphore_observed, a_sleeper_is_served_by_one_release) {
  typename TestFixture::type none(0);
  support::crew crew(1, [&](int) { none.acquire(); });
  this->until_parked(1);
  none.release();
  crew.join();
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(semaphore_observed, release_of_n_serves_n_sleepers) {
  constexpr int sleepers = 4;
  typename TestFixture::type none(0);
  support::crew crew(sleepers, [&](int) { none.acquire(); });
  this->until_parked(sleepers);
  none.release(sleepers);
  crew.join();
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(semaphore_observed, a_thread_that_never_slept_may_overtake_and_the_sleeper_waits_on) {
  std::atomic<bool> overtaken{false};
  while (!overtaken) {
    typename TestFixture::type none(0);
    support::crew crew(1, [&](int) { none.acquire(); });
    this->until_parked(1);
    this->seen.before_unpark = [&] { overtaken = none.try_acquire(); };  // takes what the release below has just added
    none.release();
    this->seen.before_unpark = nullptr;
    if (overtaken) none.release();
    crew.join();
    EXPECT_EQ(0, none.available());
  }
}

TYPED_TEST(semaphore_observed, a_spin_that_ends_in_a_permit_parks_nobody) {
  typename TestFixture::type none(0);
  this->seen.spins = 10;
  this->seen.on_spin = [&] {
    if (none.available() == 0) none.release();
  };
  none.acquire();
  EXPECT_EQ(0, this->seen.parks);
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(1, this->seen.paid_off);
}

}  // namespace
