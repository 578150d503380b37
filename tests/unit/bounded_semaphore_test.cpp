// park::bounded_semaphore: one test per sentence of its contract. Its waits are those of park::counting_semaphore: collecting_test,
// timeout_test, stop_test.
#include "park/bounded_semaphore.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <stop_token>

#include "support/crew.hpp"
#include "support/limits.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"
#include "support/synchronizing.hpp"
#include "support/without_pairs.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
using same = Lot;
using lots = support::over_lots<same, support::without_pairs>;

template <class Lot>
class bounded_semaphore : public testing::Test {
 protected:
  using type = park::basic_bounded_semaphore<Lot>;
};
TYPED_TEST_SUITE(bounded_semaphore, lots, support::by_name);

template <class Lot>
class bounded_semaphore_observed : public support::observing<Lot> {
 protected:
  using type = park::basic_bounded_semaphore<support::observed_lot<Lot>>;
};
TYPED_TEST_SUITE(bounded_semaphore_observed, support::lots, support::by_name);

TYPED_TEST(bounded_semaphore, is_of_one_by_default) {
  const typename TestFixture::type one;
  EXPECT_EQ(1, one.bound());
  EXPECT_EQ(1, one.available());
}

TYPED_TEST(bounded_semaphore, begins_with_its_bound_and_takes_back_what_was_acquired) {
  typename TestFixture::type three(3);
  EXPECT_EQ(3, three.available());
  three.acquire();
  three.acquire(2);
  EXPECT_FALSE(three.try_acquire());
  three.release(2);
  three.release();
  EXPECT_EQ(3, three.available());
  EXPECT_EQ(3, three.bound());
}

TYPED_TEST(bounded_semaphore, a_release_above_the_bound_throws_and_changes_nothing) {
  typename TestFixture::type three(3), none(0);
  EXPECT_THROW(three.release(), park::over_release_error);
  EXPECT_EQ(3, three.available());
  three.acquire();
  for (const std::ptrdiff_t n : {std::ptrdiff_t{2}, std::ptrdiff_t{0x7fffffff}, PTRDIFF_MAX}) {
    EXPECT_THROW(three.release(n), park::over_release_error);
    EXPECT_EQ(2, three.available());
  }
  three.release();
  EXPECT_EQ(3, three.available());
  EXPECT_THROW(none.release(), park::over_release_error);
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(bounded_semaphore, over_release_error_is_a_logic_error_that_says_why) {
  typename TestFixture::type one;
  try {
    one.release();
    FAIL() << "nothing was thrown";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ("bounded_semaphore::release(n): the count would pass bound()", error.what());
  }
}

TYPED_TEST(bounded_semaphore, may_have_a_bound_of_max) {
  constexpr std::ptrdiff_t max = TestFixture::type::max();
  typename TestFixture::type most(max);
  EXPECT_THROW(most.release(), park::over_release_error);
  EXPECT_EQ(max, most.available());
  EXPECT_TRUE(most.try_acquire(max));
  most.release(max);
  EXPECT_EQ(max, most.available());
}

TYPED_TEST(bounded_semaphore, refuses_a_bound_that_is_negative_or_above_max) {
  using semaphore = typename TestFixture::type;
  for (const std::ptrdiff_t n :
       {std::ptrdiff_t{-1}, PTRDIFF_MIN, support::above(semaphore::max()), support::far_above(semaphore::max())}) {
    EXPECT_THROW(semaphore refused(n), std::invalid_argument);
  }
}

TYPED_TEST(bounded_semaphore, refuses_a_release_of_less_than_nothing_and_changes_nothing) {
  typename TestFixture::type two(2);
  two.acquire(2);
  EXPECT_THROW(two.release(-1), std::invalid_argument);
  EXPECT_THROW(two.release(PTRDIFF_MIN), std::invalid_argument);
  EXPECT_EQ(0, two.available());
}

TYPED_TEST(bounded_semaphore, release_of_zero_does_nothing) {
  typename TestFixture::type two(2);
  two.release(0);
  EXPECT_EQ(2, two.available());
}

// Some release what they have not acquired, with success while a permit is out, which then has no place to come back to. Whatever comes
// of it, nobody ever sees more than the bound.
TYPED_TEST(bounded_semaphore, never_passes_its_bound_under_contention) {
  constexpr int threads = 4, bound = 2;
  const int rounds = support::scaled(2000);
  typename TestFixture::type permits(bound);
  std::atomic<int> over{0};
  {
    support::crew crew(threads, [&](int index) {
      for (int round = 0; round < rounds; ++round) {
        const bool taken = index % 2 == 0 && permits.try_acquire();
        if (index % 2 == 1 || taken) {
          try {
            permits.release();
          } catch (const park::over_release_error&) {
          }
        }
        if (permits.available() > bound) ++over;
        if (permits.try_acquire(bound + 1)) ++over;
      }
    });
  }
  EXPECT_EQ(0, over);
  EXPECT_EQ(bound, permits.available());
}

TYPED_TEST(bounded_semaphore_observed, a_collector_that_gives_up_does_not_pass_the_bound) {
  typename TestFixture::type two(2);
  two.acquire();
  std::stop_source source;
  // When the collector has taken the one and sleeps, somebody releases what was never acquired.
  support::crew crew(1, [&](int) {
    if (two.acquire(2, source.get_token())) two.release();
  });
  this->until_parked(1);
  two.release();
  source.request_stop();
  crew.join();
  EXPECT_LE(two.available(), 2);
}

TYPED_TEST(bounded_semaphore_observed, release_of_n_serves_n_sleepers) {
  constexpr int sleepers = 4;
  typename TestFixture::type permits(sleepers);
  permits.acquire(sleepers);
  support::crew crew(sleepers, [&](int) { permits.acquire(); });
  this->until_parked(sleepers);
  permits.release(sleepers);
  crew.join();
  EXPECT_EQ(0, permits.available());
  EXPECT_EQ(1, this->seen.unparks);
  EXPECT_EQ(sleepers, this->seen.wakes);
}

TYPED_TEST(bounded_semaphore_observed, a_release_that_throws_wakes_nobody) {
  typename TestFixture::type permits(2);
  permits.acquire();
  support::crew crew(1, [&](int) { permits.acquire(2); });
  this->until_parked(1);
  EXPECT_THROW(permits.release(3), park::over_release_error);
  EXPECT_EQ(0, this->seen.unparks);
  permits.release();
}

TYPED_TEST(bounded_semaphore, each_release_synchronizes_with_every_kind_of_acquire) {
  typename TestFixture::type ready(7);
  ready.acquire(7);
  support::expect_every_acquire_to_synchronize(ready);
}

TYPED_TEST(bounded_semaphore, has_the_bounded_waits_of_a_counting_semaphore) {
  typename TestFixture::type one;
  one.acquire();
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_FALSE(one.try_acquire_for(0s));
  EXPECT_FALSE(one.try_acquire_until(std::chrono::steady_clock::time_point::min()));
  EXPECT_FALSE(one.acquire(stopped.get_token()));
  EXPECT_FALSE(one.try_acquire_for(stopped.get_token(), 1h));
  EXPECT_FALSE(one.try_acquire_until(stopped.get_token(), std::chrono::steady_clock::time_point::max()));
  EXPECT_EQ(0, one.available());
}

}  // namespace
