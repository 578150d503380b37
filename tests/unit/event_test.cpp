// park::event: one test per sentence of its contract. Its timed and stoppable waits: timeout_test, stop_test; its end: lifetime_test.
#include "park/event.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class event : public testing::Test {
 protected:
  using type = park::basic_event<Lot>;
};
TYPED_TEST_SUITE(event, support::lots, support::by_name);

template <class Lot>
class event_observed : public support::observing<Lot> {
 protected:
  using type = park::basic_event<support::observed_lot<Lot>>;
};
TYPED_TEST_SUITE(event_observed, support::lots, support::by_name);

TYPED_TEST(event, is_clear_from_the_start) {
  const typename TestFixture::type fresh;
  EXPECT_FALSE(fresh.is_set());
  EXPECT_FALSE(fresh.wait_for(0s));
}

TYPED_TEST(event, stays_set_until_it_is_cleared) {
  typename TestFixture::type ready;
  ready.set();
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(ready.is_set());
    ready.wait();
  }
  ready.clear();
  EXPECT_FALSE(ready.is_set());
  EXPECT_FALSE(ready.wait_for(0s));
}

TYPED_TEST(event, can_be_set_and_cleared_again_and_again) {
  typename TestFixture::type ready;
  for (int round = 0; round < 1000; ++round) {
    ready.set();
    EXPECT_TRUE(ready.is_set());
    ready.clear();
    EXPECT_FALSE(ready.is_set());
  }
}

TYPED_TEST(event, set_where_it_is_set_and_cleared_where_it_is_clear_stays_so) {
  typename TestFixture::type ready;
  ready.clear();
  EXPECT_FALSE(ready.is_set());
  ready.set();
  ready.set();
  EXPECT_TRUE(ready.is_set());
  ready.clear();
  EXPECT_FALSE(ready.is_set());
  ready.clear();
  EXPECT_FALSE(ready.is_set());
}

// The data below is not atomic: ThreadSanitizer tells if a wait does not synchronize.
TYPED_TEST(event, set_synchronizes_with_every_kind_of_wait) {
  typename TestFixture::type ready;
  int data = 0;
  const auto expect_data = [&] { EXPECT_EQ(1, data); };
  support::crew crew;
  crew.add([&] { ready.wait(), expect_data(); });
  crew.add([&] { support::eventually([&] { return ready.is_set(); }), expect_data(); });
  crew.add([&] { EXPECT_TRUE(ready.wait_for(1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(ready.wait_until(std::chrono::system_clock::now() + 1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(ready.wait(std::stop_token())), expect_data(); });
  data = 1;
  ready.set();
}

// Where it is set already, too. That the second set() has come is told by a flag that does not synchronize.
TYPED_TEST(event, each_set_synchronizes_with_the_clear_that_clears_it) {
  typename TestFixture::type ready;
  int data = 0;
  std::atomic<bool> set{false};
  ready.set();
  support::crew crew(1, [&](int) {
    data = 1;
    ready.set();
    set.store(true, std::memory_order_release);
  });
  support::eventually([&] { return set.load(std::memory_order_relaxed); });
  ready.clear();
  EXPECT_EQ(1, data);
}

// Two threads take turns by two events.
TYPED_TEST(event, passes_turns) {
  constexpr int rounds = 2000;
  typename TestFixture::type mine, yours;
  int turns = 0;
  const auto play = [&](typename TestFixture::type& awaited, typename TestFixture::type& other) {
    for (int round = 0; round < rounds; ++round) {
      awaited.wait();
      awaited.clear();
      ++turns;
      other.set();
    }
  };
  mine.set();
  support::crew crew;
  crew.add([&] { play(mine, yours); });
  crew.add([&] { play(yours, mine); });
  crew.join();
  EXPECT_EQ(2 * rounds, turns);
}

TYPED_TEST(event_observed, set_wakes_everyone_by_one_call) {
  constexpr int waiters = 5;
  typename TestFixture::type ready;
  support::crew crew(waiters, [&](int) { ready.wait(); });
  this->until_parked(waiters);
  ready.set();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(event_observed, set_again_wakes_nobody) {
  typename TestFixture::type ready;
  support::crew crew(1, [&](int) { ready.wait(); });
  this->until_parked(1);
  ready.set();
  ready.set();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(event_observed, set_in_the_next_generation_wakes_nobody) {
  typename TestFixture::type ready;
  support::crew crew(1, [&](int) { ready.wait(); });
  this->until_parked(1);
  ready.set();
  crew.join();
  ready.clear();
  ready.set();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(event_observed, clear_wakes_nobody) {
  typename TestFixture::type ready;
  support::crew crew(1, [&](int) { ready.wait(); });
  this->until_parked(1);
  ready.clear();
  EXPECT_EQ(0, this->seen.unparks);
  ready.set();
}

// The waiter is held inside park until the event has been cleared, and in the second round until it has also been waited for again.
TYPED_TEST(event_observed, a_waiter_that_was_woken_is_through_though_a_clear_followed) {
  typename TestFixture::type ready;
  std::atomic<bool> cleared{false};
  this->seen.after_park = [&] { support::eventually([&] { return cleared.load(); }); };
  for (const auto& wait : {std::function<bool()>([&] { return ready.wait(), true; }),
                           std::function<bool()>([&] { return ready.wait_for(1h); }), std::function<bool()>([&] {
                             return ready.wait_until(std::chrono::system_clock::now() + 1h);
                           }),
                           std::function<bool()>([&] { return ready.wait(std::stop_token()); })}) {
    cleared = false;
    support::crew crew(1, [&](int) { EXPECT_TRUE(wait()); });
    this->until_parked(1);
    ready.set();
    ready.clear();
    cleared = true;
    crew.join();
    EXPECT_FALSE(ready.is_set());
  }
}

// The set and the clear come between a waiter's last look at the word and its sleep; the waiter must not sleep in the next generation,
// though another has marked that too.
TYPED_TEST(event_observed, a_set_and_a_clear_just_before_the_sleep_are_not_slept_through) {
  typename TestFixture::type ready;
  bool done = false;
  this->seen.before_park = [&] {
    if (done) return;
    done = true;
    ready.set();
    ready.clear();
    EXPECT_FALSE(ready.wait_for(1ns));
  };
  ready.wait();
  EXPECT_GE(this->seen.parks, 1);
  EXPECT_FALSE(ready.is_set());
}

TYPED_TEST(event_observed, a_spin_that_ends_in_a_set_event_parks_nobody) {
  typename TestFixture::type ready;
  this->seen.spins = 10;
  this->seen.on_spin = [&] {
    ready.set();
    ready.clear();
  };
  ready.wait();
  EXPECT_EQ(0, this->seen.parks);
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(1, this->seen.paid_off);
}

}  // namespace
