// park::cyclic_barrier: abort, reset and actions that throw, and what each thread hears of them.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "park/cyclic_barrier.hpp"
#include "support/crew.hpp"
#include "support/cyclic_meeting.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"

namespace {

using support::broken;
using support::meet;

template <class Lot>
class cyclic_barrier_breaking : public testing::Test {
 protected:
  using plain = park::basic_cyclic_barrier<park::detail::no_completion, Lot>;
  using acting = park::basic_cyclic_barrier<std::function<void()>, Lot>;
};
TYPED_TEST_SUITE(cyclic_barrier_breaking, support::lots, support::by_name);

template <class Lot>
class cyclic_barrier_breaking_observed : public support::observing<Lot> {
 protected:
  using plain = park::basic_cyclic_barrier<park::detail::no_completion, support::observed_lot<Lot>>;
  using acting = park::basic_cyclic_barrier<std::function<void()>, support::observed_lot<Lot>>;

  cyclic_barrier_breaking_observed() {
    this->seen.after_park = [this] {
      if (is_held_) support::eventually([this] { return may_go_.load(); });
    };
  }

  // Has a thread come to the barrier that, whatever wakes it, stays inside park until let_go(), and then finds this outcome.
  void hold_one(support::crew& crew, plain& barrier, std::ptrdiff_t outcome) {
    may_go_ = false;
    crew.add([&barrier, outcome] {
      is_held_ = true;
      EXPECT_EQ(outcome, meet(barrier));
    });
    this->until_parked(1);
  }
  void let_go() { may_go_ = true; }

 private:
  static inline thread_local bool is_held_ = false;
  std::atomic<bool> may_go_{false};
};
TYPED_TEST_SUITE(cyclic_barrier_breaking_observed, support::lots, support::by_name);

TYPED_TEST(cyclic_barrier_breaking_observed, abort_breaks_all_who_wait_and_whoever_comes_until_reset) {
  constexpr int waiters = 5;
  typename TestFixture::plain barrier(waiters + 1);
  {
    support::crew crew(waiters, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
    this->until_parked(waiters);
    barrier.abort();
  }
  EXPECT_EQ(1, this->seen.unparks);
  for (int comer = 0; comer < 2 * waiters; ++comer) EXPECT_EQ(broken, meet(barrier));
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(0, barrier.n_waiting());
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  support::crew crew(waiters, [&](int) { EXPECT_LE(0, meet(barrier)); });
  EXPECT_LE(0, meet(barrier));
}

TYPED_TEST(cyclic_barrier_breaking, abort_of_a_barrier_where_nobody_waits_breaks_it) {
  typename TestFixture::plain barrier(1);
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(broken, meet(barrier));
  barrier.reset();
  EXPECT_EQ(0, barrier.wait());
}

TYPED_TEST(cyclic_barrier_breaking_observed, reset_breaks_those_who_wait_and_lets_a_new_generation_begin) {
  constexpr int waiters = 3;
  typename TestFixture::plain barrier(waiters + 1);
  for (int round = 0; round < 3; ++round) {
    support::crew crew(waiters, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
    this->until_parked(waiters);
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
    EXPECT_EQ(0, barrier.n_waiting());
    crew.join();
  }
  support::crew crew(waiters, [&](int) { EXPECT_LE(1, meet(barrier)); });
  this->until_parked(waiters);
  EXPECT_EQ(0, barrier.wait());
}

TYPED_TEST(cyclic_barrier_breaking, reset_where_nobody_waits_does_nothing) {
  typename TestFixture::plain barrier(2);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  support::crew crew(1, [&](int) { EXPECT_LE(0, meet(barrier)); });
  EXPECT_LE(0, meet(barrier));
}

TYPED_TEST(cyclic_barrier_breaking_observed, who_was_released_returns_though_the_barrier_breaks_before_it_runs) {
  typename TestFixture::plain barrier(2);
  const std::vector<std::function<void()>> ways = {
      [&] { barrier.abort(); }, [&] { barrier.reset(); }, [&] { barrier.abort(), barrier.reset(); },
      [&] {  // another generation, which is broken
        support::crew other(1, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
        support::eventually([&] { return barrier.n_waiting() == 1; });
        barrier.reset();
      }};
  for (const auto& way : ways) {
    support::crew crew;
    this->hold_one(crew, barrier, 1);
    EXPECT_EQ(0, barrier.wait());
    way();
    this->let_go();
    crew.join();
    barrier.reset();
  }
}

TYPED_TEST(cyclic_barrier_breaking_observed, who_was_released_returns_though_others_meet_and_break_it_before_it_runs) {
  typename TestFixture::plain barrier(2);
  support::crew crew;
  this->hold_one(crew, barrier, 1);
  EXPECT_EQ(0, barrier.wait());
  for (int round = 0; round < 20; ++round) {
    support::crew other(1, [&](int) { EXPECT_LE(0, meet(barrier)); });
    EXPECT_LE(0, meet(barrier));
  }
  barrier.abort();
  this->let_go();
}

TYPED_TEST(cyclic_barrier_breaking_observed, who_was_broken_throws_though_the_barrier_is_reset_before_it_runs) {
  typename TestFixture::plain barrier(2);
  const std::vector<std::function<void()>> ways = {[&] { barrier.reset(); }, [&] { barrier.abort(), barrier.reset(); },
                                                   [&] { barrier.reset(), barrier.abort(), barrier.reset(); }};
  for (const auto& way : ways) {
    support::crew crew;
    this->hold_one(crew, barrier, broken);
    way();
    EXPECT_FALSE(barrier.broken());
    this->let_go();
  }
}

// Two come while one whom the reset broke has not left: they wait uncounted, and meet when it has.
TYPED_TEST(cyclic_barrier_breaking_observed, nobody_is_counted_anew_until_all_whom_a_reset_broke_have_left) {
  typename TestFixture::plain barrier(2);
  support::crew crew;
  this->hold_one(crew, barrier, broken);
  barrier.reset();
  crew.add([&] { EXPECT_LE(0, meet(barrier)); });
  crew.add([&] { EXPECT_LE(0, meet(barrier)); });
  this->until_parked(3);
  EXPECT_EQ(0, barrier.n_waiting());
  EXPECT_FALSE(barrier.broken());
  this->let_go();
}

TYPED_TEST(cyclic_barrier_breaking_observed, abort_turns_away_those_who_wait_uncounted) {
  typename TestFixture::plain barrier(2);
  support::crew crew;
  this->hold_one(crew, barrier, broken);
  barrier.reset();
  support::crew comers(2, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
  this->until_parked(3);
  barrier.abort();
  comers.join();
  EXPECT_TRUE(barrier.broken());
  this->let_go();
  crew.join();
  EXPECT_TRUE(barrier.broken());
}

TYPED_TEST(cyclic_barrier_breaking_observed, an_action_that_throws_breaks_it_and_the_exception_reaches_the_last_alone) {
  bool fails = true;
  typename TestFixture::acting barrier(3, [&] {
    if (fails) throw std::domain_error("the action's own");
  });
  {
    support::crew crew(2, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
    this->until_parked(2);
    EXPECT_THROW(barrier.wait(), std::domain_error);
  }
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(broken, meet(barrier));
  barrier.reset();
  fails = false;
  support::crew crew(2, [&](int) { EXPECT_LE(0, meet(barrier)); });
  EXPECT_LE(0, meet(barrier));
}

// Those who wait throw while the action still runs, and its own thread does when it has returned.
TYPED_TEST(cyclic_barrier_breaking_observed, an_abort_during_the_action_is_not_waited_for) {
  std::atomic<bool> in_action{false}, thrown{false};
  typename TestFixture::acting barrier(2, [&] {
    in_action = true;
    support::eventually([&] { return thrown.load(); });
  });
  support::crew crew;
  crew.add([&] {
    EXPECT_EQ(broken, meet(barrier));
    thrown = true;
  });
  this->until_parked(1);
  crew.add([&] { EXPECT_EQ(broken, meet(barrier)); });
  support::eventually([&] { return in_action.load(); });
  EXPECT_EQ(2, barrier.n_waiting());
  barrier.abort();
  crew.join();
  EXPECT_TRUE(barrier.broken());
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
}

// A new generation begins when the action that a reset came upon has returned: no two run at once.
TYPED_TEST(cyclic_barrier_breaking_observed,
           a_reset_during_the_action_holds_back_those_who_come_until_it_has_returned) {
  int runs = 0;  // not atomic: no two actions run at once
  std::atomic<bool> in_action{false}, go_on{false};
  typename TestFixture::acting barrier(2, [&] {
    ++runs;
    in_action = true;
    support::eventually([&] { return go_on.load(); });
  });
  support::crew crew(2, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
  support::eventually([&] { return in_action.load(); });
  this->until_parked(1);
  barrier.reset();
  support::eventually([&] { return this->seen.parked == 0; });
  crew.add([&] { EXPECT_LE(0, meet(barrier)); });
  crew.add([&] { EXPECT_LE(0, meet(barrier)); });
  this->until_parked(2);
  EXPECT_EQ(0, barrier.n_waiting());
  EXPECT_FALSE(barrier.broken());
  go_on = true;
  crew.join();
  EXPECT_EQ(2, runs);
}

TYPED_TEST(cyclic_barrier_breaking, an_action_may_break_or_reset_its_own_barrier) {
  typename TestFixture::acting* self = nullptr;
  bool by_reset = false;
  typename TestFixture::acting barrier(2, [&] { by_reset ? self->reset() : self->abort(); });
  self = &barrier;
  for (const bool way : {false, true}) {
    by_reset = way;
    support::crew crew(1, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
    EXPECT_EQ(broken, meet(barrier));
    crew.join();
    EXPECT_EQ(!by_reset, barrier.broken());
    EXPECT_EQ(0, barrier.n_waiting());
    barrier.reset();
  }
}

// The data is not atomic: ThreadSanitizer tells if what breaks a generation does not synchronize.
TYPED_TEST(cyclic_barrier_breaking, what_breaks_it_synchronizes_with_the_waits_that_throw) {
  typename TestFixture::plain barrier(3);
  int data = 0;
  support::crew crew(2, [&](int) {
    EXPECT_EQ(broken, meet(barrier));
    EXPECT_EQ(1, data);
  });
  data = 1;
  barrier.abort();
}

TYPED_TEST(cyclic_barrier_breaking, threads_that_break_it_all_the_time_leave_nobody_behind) {
  constexpr int parties = 3;
  const int rounds = support::scaled(300);
  int inside = 0;  // not atomic: no two actions run at once
  typename TestFixture::acting barrier(parties, [&] {
    EXPECT_EQ(1, ++inside);
    --inside;
  });
  std::atomic<int> met{0}, left{parties};
  support::crew crew(parties, [&](int) {
    for (int round = 0; round < rounds;) {
      if (meet(barrier) != broken) ++round, ++met;
      std::this_thread::yield();
    }
    --left;
  });
  for (int round = 0; left > 0; ++round) {
    round % 2 == 0 ? barrier.reset() : barrier.abort();
    barrier.reset();
    std::this_thread::yield();
  }
  crew.join();
  EXPECT_EQ(parties * rounds, met);
  EXPECT_EQ(0, barrier.n_waiting());
}

}  // namespace
