// A permit taken past a waiter that has been woken for it, but has not got a CPU yet: the permits that follow are for that waiter, so
// nobody else is woken for them.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

template <class Lot>
class barging : public support::observing<Lot> {
 public:
  using type = park::basic_counting_semaphore<1000, support::observed_lot<Lot>>;

  // Each thread that comes out of park is held there until it is let go.
  barging() {
    this->seen.after_park = [this] {
      ++woken;
      support::eventually([this] { return let_go > 0; });
      --let_go;
    };
  }
  void until_woken(int threads) {
    support::eventually([&] { return woken >= threads; });
  }

  std::atomic<int> woken{0};
  std::atomic<int> let_go{0};
};
TYPED_TEST_SUITE(barging, support::lots, support::by_name);

TYPED_TEST(barging, costs_no_wake_while_a_waiter_is_on_its_way) {
  typename TestFixture::type none(0);
  support::crew crew(2, [&](int) { none.acquire(); });
  this->until_parked(2);
  for (int times = 0; times < 100; ++times) {
    none.release();
    EXPECT_TRUE(none.try_acquire());
  }
  this->until_woken(1);
  EXPECT_EQ(1, this->seen.unparks);
  none.release();
  EXPECT_EQ(1, this->seen.unparks);
  none.release();
  EXPECT_EQ(2, this->seen.wakes);
  this->let_go = 2;
  crew.join();
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(barging, counts_the_waiter_on_its_way_in_a_release_of_more) {
  typename TestFixture::type none(0);
  support::crew crew(4, [&](int) { none.acquire(); });
  this->until_parked(4);
  none.release();
  EXPECT_TRUE(none.try_acquire());
  none.release(3);
  EXPECT_EQ(3, this->seen.wakes);
  none.release(3);
  EXPECT_EQ(4, this->seen.wakes);
  this->let_go = 4;
  crew.join();
  EXPECT_EQ(2, none.available());
}

TYPED_TEST(barging, takes_several_permits) {
  typename TestFixture::type none(0);
  support::crew crew(3, [&](int) { none.acquire(); });
  this->until_parked(3);
  none.release(2);
  EXPECT_TRUE(none.try_acquire(2));
  none.release();  // two are on their way, of which the word remembers one
  EXPECT_EQ(2, this->seen.wakes);
  none.release(2);
  EXPECT_EQ(4, this->seen.wakes);
  this->let_go = 3;
  crew.join();
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(barging, sends_the_waiter_back_to_sleep_and_the_next_release_wakes_it) {
  typename TestFixture::type none(0);
  support::crew crew(1, [&](int) { none.acquire(); });
  this->until_parked(1);
  none.release();
  EXPECT_TRUE(none.try_acquire());
  this->let_go = 1;
  support::eventually([&] { return this->seen.parks == 2 && this->seen.parked == 1; });
  none.release();
  EXPECT_EQ(2, this->seen.unparks);
  this->let_go = 1;
  crew.join();
}

TYPED_TEST(barging, past_a_waiter_that_gives_up_leaves_no_promise) {
  typename TestFixture::type none(0);
  support::crew crew(1, [&](int) {  // again where its time is over before it sleeps
    while (this->seen.parks < 1) EXPECT_FALSE(none.try_acquire_for(std::chrono::milliseconds(100)));
  });
  this->until_woken(1);
  none.release();
  EXPECT_TRUE(none.try_acquire());
  this->let_go = 1;
  crew.join();
  support::crew another(1, [&](int) { none.acquire(); });
  this->until_parked(1);
  const int before = this->seen.unparks;
  none.release();
  EXPECT_EQ(before + 1, this->seen.unparks);
  this->let_go = 1;
  another.join();
}

TYPED_TEST(barging, with_nobody_waiting_leaves_no_trace) {
  typename TestFixture::type two(2);
  EXPECT_TRUE(two.try_acquire(2));
  two.release(2);
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(2, two.available());
}

}  // namespace
