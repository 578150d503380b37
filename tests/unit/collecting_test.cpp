// counting_semaphore::acquire(n): all or nothing, and nobody starves beside it.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>

#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"
#include "support/semaphore_widths.hpp"

namespace {

using namespace std::chrono_literals;

template <class Width>
class collecting : public support::observing<typename Width::lot> {
 protected:
  using type = typename Width::observed;
  using plain = typename Width::type;
};
TYPED_TEST_SUITE(collecting, support::semaphore_widths, support::by_name);

TYPED_TEST(collecting, try_acquire_takes_all_or_nothing) {
  typename TestFixture::type three(3);
  EXPECT_FALSE(three.try_acquire(4));
  EXPECT_EQ(3, three.available());
  EXPECT_TRUE(three.try_acquire(2));
  EXPECT_EQ(1, three.available());
  EXPECT_FALSE(three.try_acquire(2));
  EXPECT_EQ(1, three.available());
}

TYPED_TEST(collecting, acquire_takes_what_is_there_without_waiting) {
  typename TestFixture::type three(3);
  three.acquire(3);
  EXPECT_EQ(0, three.available());
  EXPECT_EQ(0, this->seen.parks);
}

TYPED_TEST(collecting, what_is_collected_is_not_available_to_others) {
  typename TestFixture::type two(2);
  support::crew crew(1, [&](int) { two.acquire(3); });
  this->until_parked(1);
  EXPECT_EQ(0, two.available());
  EXPECT_FALSE(two.try_acquire());
  two.release();
  crew.join();
  EXPECT_EQ(0, two.available());
}

TYPED_TEST(collecting, permits_may_come_one_by_one) {
  typename TestFixture::type none(0);
  std::atomic<bool> acquired{false};
  support::crew crew(1, [&](int) {
    none.acquire(5);
    acquired = true;
  });
  this->until_parked(1);
  for (int permit = 1; permit < 5; ++permit) {
    none.release();
    support::eventually([&] { return none.available() == 0; });
    EXPECT_FALSE(acquired);
  }
  none.release();
  crew.join();
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(collecting, a_release_of_more_than_is_missing_leaves_the_rest) {
  typename TestFixture::type one(1);
  support::crew crew(1, [&](int) { one.acquire(3); });
  this->until_parked(1);
  one.release(5);
  crew.join();
  EXPECT_EQ(3, one.available());
}

// Two collectors that each held what the other needs would sleep for ever: two permits must serve one of them.
TYPED_TEST(collecting, one_collects_at_a_time) {
  typename TestFixture::type none(0);
  std::atomic<int> served{0};
  support::crew crew(2, [&](int) {
    none.acquire(2);
    ++served;
  });
  this->until_parked(2);
  none.release();
  support::eventually([&] { return none.available() == 0; });
  none.release();
  support::eventually([&] { return served == 1; });
  none.release(2);
  crew.join();
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(collecting, on_timeout_everything_is_given_back) {
  typename TestFixture::type two(2);
  EXPECT_FALSE(two.try_acquire_for(3, 2ms));
  EXPECT_EQ(2, two.available());
  EXPECT_TRUE(two.try_acquire(2));
}

// The collector comes out of park, its time over, when two others sleep: on timeout, since a stop request wakes them anyway.
TYPED_TEST(collecting, what_is_given_back_wakes_those_who_sleep) {
  static thread_local bool is_collector = false;
  this->seen.after_park = [this] {
    if (!is_collector) return;
    this->until_parked(3);
    const auto soon =
        std::chrono::steady_clock::now() + 1ms;  // gives them time to fall asleep; they are served either way
    support::eventually([&] { return std::chrono::steady_clock::now() >= soon; });
  };
  typename TestFixture::type two(2);
  support::crew crew(1, [&](int) {
    is_collector = true;
    while (this->seen.parks < 1)
      EXPECT_FALSE(two.try_acquire_for(3, 1ms));  // again where its time is over before it sleeps
    is_collector = false;
  });
  this->until_parked(1);
  for (int sleeper = 0; sleeper < 2; ++sleeper) crew.add([&] { two.acquire(); });
  crew.join();
  EXPECT_EQ(0, two.available());
}

TYPED_TEST(collecting, the_next_collector_comes_in_when_one_gives_up) {
  typename TestFixture::type one(1);
  std::stop_source stop;
  support::crew first(1, [&](int) { EXPECT_FALSE(one.acquire(2, stop.get_token())); });
  this->until_parked(1);
  support::crew second(1, [&](int) { one.acquire(2); });
  this->until_parked(2);
  stop.request_stop();
  first.join();
  one.release();
  second.join();
  EXPECT_EQ(0, one.available());
}

// Three wait at the gate; each that comes in must pass the wake on to the next.
TYPED_TEST(collecting, all_who_wait_for_the_collector_come_in_one_after_the_other) {
  typename TestFixture::type one(1);
  support::crew first(1, [&](int) {
    one.acquire(2);
    one.release(2);
  });
  this->until_parked(1);
  support::crew others(3, [&](int) {
    one.acquire(2);
    one.release(2);
  });
  this->until_parked(4);
  one.release();
  others.join();
  first.join();
  EXPECT_EQ(2, one.available());
}

TYPED_TEST(collecting, small_requests_do_not_starve_a_collector) {
  const int rounds = support::scaled(400);
  typename TestFixture::plain permits(3);
  std::atomic<bool> over{false};
  support::crew small(3, [&](int) {
    while (!over) {
      permits.acquire();
      permits.release();
    }
  });
  for (int round = 0; round < rounds; ++round) {
    permits.acquire(3);
    permits.release(3);
  }
  over = true;
  small.join();
  EXPECT_EQ(3, permits.available());
}

TYPED_TEST(collecting, collectors_do_not_starve_a_small_request) {
  const int rounds = support::scaled(400);
  typename TestFixture::plain permits(3);
  std::atomic<bool> over{false};
  support::crew collectors(2, [&](int) {
    while (!over) {
      permits.acquire(3);
      permits.release(3);
    }
  });
  for (int round = 0; round < rounds; ++round) {
    permits.acquire();
    permits.release();
  }
  over = true;
  collectors.join();
  EXPECT_EQ(3, permits.available());
}

// Each piece it holds was released by another thread: ThreadSanitizer tells if one of them does not synchronize.
TYPED_TEST(collecting, every_release_collected_synchronizes) {
  constexpr int pieces = 4;
  typename TestFixture::plain ready(0);
  int data[pieces] = {};
  support::crew crew(pieces, [&](int index) {
    data[index] = 1;
    ready.release();
  });
  ready.acquire(pieces);
  for (const int each : data) EXPECT_EQ(1, each);
}

}  // namespace
