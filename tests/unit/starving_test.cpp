// A waiter of a semaphore that has been woken in vain and is out of patience: it is overtaken no more. Those who come
// later wait outside, at the door, until it is served or gone.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <vector>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/semaphore_widths.hpp"

namespace {

using namespace std::chrono_literals;

template <class Width>
class starving : public support::observing<typename Width::lot> {
 protected:
  using type = typename Width::observed;

  static constexpr bool counts_waiters = Width::counts_waiters;

  starving() {
    this->seen.impatient = [this] { return impatient || this_one_is_impatient; };
    this->seen.after_park = [this] {
      if (woken_waits) support::eventually([this] { return woken_may_go.load(); });
    };
  }

  // Has a thread that sleeps for `none`, of which no permit is free, be woken in vain: the caller has overtaken it. It
  // sleeps again.
  void overtake(type& none) {
    const int parks = this->seen.parks;
    woken_waits = true;
    none.release();
    EXPECT_TRUE(none.try_acquire());
    woken_waits = false;
    woken_may_go = true;
    support::eventually([&] { return this->seen.parks > parks; });
    woken_may_go = false;
  }

  static inline thread_local bool this_one_is_impatient = false;
  std::atomic<bool> impatient{false}, woken_waits{false}, woken_may_go{false};
};
TYPED_TEST_SUITE(starving, support::semaphore_widths, support::by_name);

TYPED_TEST(starving, a_thread_that_never_slept_may_overtake_one_that_has_patience) {
  typename TestFixture::type none(0);
  support::crew crew(1, [&](int) { none.acquire(); });
  this->until_parked(1);
  for (int round = 0; round < 3; ++round) this->overtake(none);
  none.release();
}

TYPED_TEST(starving, a_woken_thread_out_of_patience_is_overtaken_no_more) {
  typename TestFixture::type none(0);
  std::atomic<bool> taken{false}, release{false};
  support::crew crew(1, [&](int) {
    this->this_one_is_impatient = true;
    none.acquire();
    taken = true;
    support::eventually([&] { return release.load(); });
    none.release();
  });
  this->until_parked(1);
  this->overtake(none);
  none.release();
  EXPECT_FALSE(none.try_acquire());
  EXPECT_FALSE(none.try_acquire_for(0s));
  support::eventually([&] { return taken.load(); });
  release = true;
  crew.join();
  EXPECT_TRUE(none.try_acquire());
  // One for each release that it slept through, none at a door where nobody waits.
  EXPECT_EQ(TestFixture::counts_waiters ? 2 : 3, this->seen.wakes);
}

TYPED_TEST(starving, who_comes_later_waits_until_it_is_served) {
  typename TestFixture::type none(0);
  std::vector<int> order;  // guarded by the permit
  support::crew crew;
  const auto wait = [&](int index) {
    this->this_one_is_impatient = index == 0;
    none.acquire();
    order.push_back(index);
    none.release();
  };
  crew.add([&] { wait(0); });
  this->until_parked(1);
  this->overtake(none);
  this->until_parked(1);
  for (int later : {1, 2}) {
    crew.add([&, later] { wait(later); });
    this->until_parked(1 + later);
  }
  none.release();
  crew.join();
  ASSERT_EQ(3U, order.size());
  EXPECT_EQ(0, order.front());
  EXPECT_EQ(1, none.available());
}

TYPED_TEST(starving, one_that_is_stopped_leaves_the_permits_to_all) {
  typename TestFixture::type none(0);
  std::stop_source stop;
  support::crew crew(1, [&](int) {
    this->this_one_is_impatient = true;
    EXPECT_FALSE(none.acquire(stop.get_token()));
  });
  this->until_parked(1);
  this->overtake(none);
  this->until_parked(1);
  std::atomic<bool> taken{false};
  support::crew later(1, [&](int) {
    none.acquire();
    taken = true;
  });
  this->until_parked(2);
  stop.request_stop();
  crew.join();
  none.release(2);
  later.join();
  EXPECT_TRUE(taken);
  EXPECT_TRUE(none.try_acquire());
}

TYPED_TEST(starving, who_waits_at_the_door_may_give_up) {
  typename TestFixture::type none(0);
  std::stop_source stop;
  support::crew crew(1, [&](int) {
    this->this_one_is_impatient = true;
    none.acquire();
  });
  this->until_parked(1);
  this->overtake(none);
  this->until_parked(1);
  support::crew later(2, [&](int index) {
    EXPECT_FALSE(none.acquire(index + 1, stop.get_token()));
    EXPECT_FALSE(none.try_acquire_for(index + 1, 1ms));
  });
  this->until_parked(3);
  stop.request_stop();
  later.join();
  none.release();
  crew.join();
  none.release(2);
  EXPECT_TRUE(none.try_acquire(2));
}

TYPED_TEST(starving, who_waits_at_the_door_for_too_long_goes_in) {
  typename TestFixture::type none(0);
  support::crew crew(1, [&](int) { none.acquire(); });
  this->until_parked(1);
  this->impatient = true;
  this->overtake(none);
  this->until_parked(1);
  support::crew later(1, [&](int) { none.acquire(); });
  this->until_parked(2);
  const int parks = this->seen.parks;
  this->seen.wake_last();  // for no reason: the door is shut still
  support::eventually([&] { return this->seen.parks > parks; });
  this->until_parked(2);
  none.release(2);  // wakes both, who are inside
  // The last to starve may have opened the door by now, for everyone.
  const auto wakes = this->seen.wakes % park::everyone;
  EXPECT_LE(3, wakes);
  if (TestFixture::counts_waiters) {
    EXPECT_EQ(3, wakes);
  }
  crew.join();
  later.join();
}

TYPED_TEST(starving, a_collector_starves_for_its_next_piece_only) {
  typename TestFixture::type none(0);
  support::crew crew(1, [&](int) { none.acquire(3); });
  this->until_parked(1);
  this->impatient = true;
  this->overtake(none);
  this->until_parked(1);
  EXPECT_EQ(1, this->seen.parked);
  this->impatient = false;
  const int parks = this->seen.parks;
  none.release();
  EXPECT_FALSE(none.try_acquire());
  support::eventually([&] { return this->seen.parks > parks; });
  this->until_parked(1);
  for (int round = 0; round < 3; ++round) this->overtake(none);
  none.release(2);
  crew.join();
  EXPECT_EQ(0, none.available());
}

}  // namespace
