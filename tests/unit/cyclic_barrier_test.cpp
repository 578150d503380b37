// park::cyclic_barrier: one test per sentence of its contract, but for limits, see cyclic_barrier_limits_test, and its end, see
// lifetime_test.
#include "park/cyclic_barrier.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"

namespace {

constexpr std::ptrdiff_t broken = -1;

// The index, or that it was broken.
template <class Barrier>
std::ptrdiff_t meet(Barrier& barrier) {
  try {
    return barrier.wait();
  } catch (const park::broken_barrier_error&) {
    return broken;
  }
}

template <class Lot>
class cyclic_barrier : public testing::Test {
 protected:
  using plain = park::basic_cyclic_barrier<park::detail::no_completion, Lot>;
  using acting = park::basic_cyclic_barrier<std::function<void()>, Lot>;
};
TYPED_TEST_SUITE(cyclic_barrier, support::lots, support::by_name);

template <class Lot>
class cyclic_barrier_observed : public support::observing<Lot> {
 protected:
  using plain = park::basic_cyclic_barrier<park::detail::no_completion, support::observed_lot<Lot>>;
  using acting = park::basic_cyclic_barrier<std::function<void()>, support::observed_lot<Lot>>;
};
TYPED_TEST_SUITE(cyclic_barrier_observed, support::lots, support::by_name);

TYPED_TEST(cyclic_barrier, of_one_is_met_by_whoever_comes) {
  typename TestFixture::plain one(1);
  int runs = 0;
  typename TestFixture::acting with_action(1, [&] { ++runs; });
  for (int round = 1; round <= 3; ++round) {
    EXPECT_EQ(0, one.wait());
    EXPECT_EQ(0, with_action.wait());
    EXPECT_EQ(round, runs);
  }
}

TYPED_TEST(cyclic_barrier, refuses_parties_that_are_not_positive_or_above_max) {
  using barrier = typename TestFixture::plain;
  for (const std::ptrdiff_t parties :
       {std::ptrdiff_t{0}, std::ptrdiff_t{-1}, PTRDIFF_MIN, barrier::max() + 1, PTRDIFF_MAX}) {
    EXPECT_THROW(barrier refused(parties), std::invalid_argument);
  }
  try {
    const barrier refused(0);
    FAIL() << "nothing was thrown";
  } catch (const std::invalid_argument& refusal) {
    EXPECT_STREQ("cyclic_barrier(parties): parties is not positive or above max()", refusal.what());
  }
}

TYPED_TEST(cyclic_barrier, may_be_of_max_parties) {
  typename TestFixture::plain most(TestFixture::plain::max());
  EXPECT_EQ(TestFixture::plain::max(), most.parties());
  support::crew crew(1, [&](int) { EXPECT_EQ(broken, meet(most)); });
  support::eventually([&] { return most.n_waiting() == 1; });
  most.abort();
}

TYPED_TEST(cyclic_barrier, broken_barrier_error_is_a_runtime_error_that_says_why) {
  typename TestFixture::plain barrier(2);
  barrier.abort();
  try {
    barrier.wait();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ("cyclic_barrier: the barrier is broken", error.what());
  }
}

TYPED_TEST(cyclic_barrier_observed, wait_returns_how_many_were_still_lacking) {
  constexpr int parties = 4;
  typename TestFixture::plain barrier(parties);
  std::ptrdiff_t indices[parties] = {};
  for (int round = 0; round < 2; ++round) {
    support::crew crew;
    for (int index = 0; index < parties - 1; ++index) {
      crew.add([&, index] { indices[index] = barrier.wait(); });
      this->until_parked(index + 1);
      EXPECT_EQ(index + 1, barrier.n_waiting());
    }
    EXPECT_EQ(0, barrier.wait());
    crew.join();
    for (int index = 0; index < parties - 1; ++index) EXPECT_EQ(parties - 1 - index, indices[index]);
    EXPECT_EQ(0, barrier.n_waiting());
    EXPECT_EQ(parties, barrier.parties());
    EXPECT_FALSE(barrier.broken());
  }
}

TYPED_TEST(cyclic_barrier_observed, the_last_to_arrive_runs_the_action_before_anyone_is_released) {
  std::thread::id runner;
  std::atomic<bool> released{false};
  typename TestFixture::acting barrier(3, [&] {
    runner = std::this_thread::get_id();
    EXPECT_FALSE(released);
    EXPECT_EQ(0, this->seen.unparks);
  });
  support::crew crew(2, [&](int) {
    barrier.wait();
    released = true;
    EXPECT_NE(std::thread::id(), runner);
  });
  this->until_parked(2);
  EXPECT_EQ(std::thread::id(), runner);
  EXPECT_EQ(0, barrier.wait());
  EXPECT_EQ(std::this_thread::get_id(), runner);
}

// The data is not atomic: ThreadSanitizer tells if an arrival does not happen before the action, or that not before a return.
TYPED_TEST(cyclic_barrier, arrivals_happen_before_the_action_and_that_before_the_returns) {
  constexpr int parties = 3;
  const int rounds = support::scaled(500);
  int work[parties] = {}, sum = 0, runs = 0;
  typename TestFixture::acting computed(parties, [&] {
    ++runs;
    sum = 0;
    for (const int each : work) sum += each;
  });
  typename TestFixture::plain read(parties);
  support::crew crew(parties, [&](int index) {
    for (int round = 1; round <= rounds; ++round) {
      work[index] = round;
      computed.wait();
      EXPECT_EQ(parties * round, sum);
      EXPECT_EQ(round, runs);
      read.wait();
    }
  });
}

TYPED_TEST(cyclic_barrier, each_generation_has_each_index_once) {
  constexpr int parties = 4;
  const int rounds = support::scaled(500);
  typename TestFixture::plain barrier(parties);
  std::vector<std::atomic<int>> came(static_cast<std::size_t>(rounds * parties));
  {
    support::crew crew(parties, [&](int) {
      for (int round = 0; round < rounds; ++round)
        ++came[static_cast<std::size_t>(round * parties + static_cast<int>(barrier.wait()))];
    });
  }
  for (const auto& each : came) EXPECT_EQ(1, each);
}

// More come than there is place for: none is left over, and no action overlaps another.
TYPED_TEST(cyclic_barrier, more_threads_than_parties_meet_in_groups) {
  constexpr int parties = 2, threads = 6;
  const int meetings = support::scaled(1500);
  int runs = 0;  // not atomic: no two actions run at once
  typename TestFixture::acting barrier(parties, [&] { ++runs; });
  std::atomic<int> visits{0}, came[parties] = {};
  {
    support::crew crew(threads, [&](int) {
      while (visits++ < parties * meetings) ++came[barrier.wait()];
    });
  }
  for (const auto& each : came) EXPECT_EQ(meetings, each);
  EXPECT_EQ(meetings, runs);
}

TYPED_TEST(cyclic_barrier_observed, abort_breaks_all_who_wait_and_whoever_comes_until_reset) {
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

TYPED_TEST(cyclic_barrier, abort_of_a_barrier_where_nobody_waits_breaks_it) {
  typename TestFixture::plain barrier(1);
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(broken, meet(barrier));
  barrier.reset();
  EXPECT_EQ(0, barrier.wait());
}

TYPED_TEST(cyclic_barrier_observed, reset_breaks_those_who_wait_and_lets_a_new_generation_begin) {
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

TYPED_TEST(cyclic_barrier, reset_where_nobody_waits_does_nothing) {
  typename TestFixture::plain barrier(2);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  support::crew crew(1, [&](int) { EXPECT_LE(0, meet(barrier)); });
  EXPECT_LE(0, meet(barrier));
}

// Each waiter is held inside park until all of it is over.
TYPED_TEST(cyclic_barrier_observed, who_was_released_returns_though_the_barrier_breaks_before_it_runs) {
  typename TestFixture::plain barrier(2);
  const std::vector<std::function<void()>> ways = {
      [&] { barrier.abort(); }, [&] { barrier.reset(); }, [&] { barrier.abort(), barrier.reset(); },
      [&] {  // another generation, which is broken
        support::crew other(1, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
        support::eventually([&] { return barrier.n_waiting() == 1; });
        barrier.reset();
      }};
  static thread_local bool is_waiter = false;
  std::atomic<bool> over{false};
  this->seen.after_park = [&] {
    if (is_waiter) support::eventually([&] { return over.load(); });
  };
  for (const auto& way : ways) {
    over = false;
    support::crew crew(1, [&](int) {
      is_waiter = true;
      EXPECT_EQ(1, meet(barrier));
    });
    this->until_parked(1);
    EXPECT_EQ(0, barrier.wait());
    way();
    over = true;
    crew.join();
    barrier.reset();
  }
}

TYPED_TEST(cyclic_barrier_observed, who_was_released_returns_though_others_meet_and_break_it_before_it_runs) {
  typename TestFixture::plain barrier(2);
  static thread_local bool is_waiter = false;
  std::atomic<bool> over{false};
  this->seen.after_park = [&] {
    if (is_waiter) support::eventually([&] { return over.load(); });
  };
  support::crew crew(1, [&](int) {
    is_waiter = true;
    EXPECT_EQ(1, meet(barrier));
  });
  this->until_parked(1);
  EXPECT_EQ(0, barrier.wait());
  for (int round = 0; round < 20; ++round) {
    support::crew other(1, [&](int) { EXPECT_LE(0, meet(barrier)); });
    EXPECT_LE(0, meet(barrier));
  }
  barrier.abort();
  over = true;
}

TYPED_TEST(cyclic_barrier_observed, who_was_broken_throws_though_the_barrier_is_reset_before_it_runs) {
  typename TestFixture::plain barrier(2);
  const std::vector<std::function<void()>> ways = {[&] { barrier.reset(); }, [&] { barrier.abort(), barrier.reset(); },
                                                   [&] { barrier.reset(), barrier.abort(), barrier.reset(); }};
  std::atomic<bool> over{false};
  this->seen.after_park = [&] { support::eventually([&] { return over.load(); }); };
  for (const auto& way : ways) {
    over = false;
    support::crew crew(1, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
    this->until_parked(1);
    way();
    EXPECT_FALSE(barrier.broken());
    over = true;
  }
}

// Two come while one whom the reset broke has not left: they wait uncounted, and meet when it has.
TYPED_TEST(cyclic_barrier_observed, nobody_is_counted_anew_until_all_whom_a_reset_broke_have_left) {
  typename TestFixture::plain barrier(2);
  static thread_local bool is_waiter = false;
  std::atomic<bool> over{false};
  this->seen.after_park = [&] {
    if (is_waiter) support::eventually([&] { return over.load(); });
  };
  support::crew crew(1, [&](int) {
    is_waiter = true;
    EXPECT_EQ(broken, meet(barrier));
  });
  this->until_parked(1);
  barrier.reset();
  crew.add([&] { EXPECT_LE(0, meet(barrier)); });
  crew.add([&] { EXPECT_LE(0, meet(barrier)); });
  this->until_parked(3);
  EXPECT_EQ(0, barrier.n_waiting());
  EXPECT_FALSE(barrier.broken());
  over = true;
}

TYPED_TEST(cyclic_barrier_observed, abort_turns_away_those_who_wait_uncounted) {
  typename TestFixture::plain barrier(2);
  static thread_local bool is_waiter = false;
  std::atomic<bool> over{false};
  this->seen.after_park = [&] {
    if (is_waiter) support::eventually([&] { return over.load(); });
  };
  support::crew crew(1, [&](int) {
    is_waiter = true;
    EXPECT_EQ(broken, meet(barrier));
  });
  this->until_parked(1);
  barrier.reset();
  support::crew comers(2, [&](int) { EXPECT_EQ(broken, meet(barrier)); });
  this->until_parked(3);
  barrier.abort();
  comers.join();
  EXPECT_TRUE(barrier.broken());
  over = true;
  crew.join();
  EXPECT_TRUE(barrier.broken());
}

TYPED_TEST(cyclic_barrier_observed, an_action_that_throws_breaks_it_and_the_exception_reaches_the_last_alone) {
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
TYPED_TEST(cyclic_barrier_observed, an_abort_during_the_action_is_not_waited_for) {
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
TYPED_TEST(cyclic_barrier_observed, a_reset_during_the_action_holds_back_those_who_come_until_it_has_returned) {
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

TYPED_TEST(cyclic_barrier, an_action_may_break_or_reset_its_own_barrier) {
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
TYPED_TEST(cyclic_barrier, what_breaks_it_synchronizes_with_the_waits_that_throw) {
  typename TestFixture::plain barrier(3);
  int data = 0;
  support::crew crew(2, [&](int) {
    EXPECT_EQ(broken, meet(barrier));
    EXPECT_EQ(1, data);
  });
  data = 1;
  barrier.abort();
}

TYPED_TEST(cyclic_barrier, threads_that_break_it_all_the_time_leave_nobody_behind) {
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

TYPED_TEST(cyclic_barrier_observed, the_last_wakes_everyone_by_one_call_and_nobody_before_it) {
  constexpr int waiters = 5;
  typename TestFixture::plain barrier(waiters + 1);
  support::crew crew(waiters, [&](int) { barrier.wait(); });
  this->until_parked(waiters);
  EXPECT_EQ(0, this->seen.unparks);
  barrier.wait();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(cyclic_barrier_observed, a_spin_that_ends_in_the_meeting_parks_nobody) {
  typename TestFixture::plain barrier(2);
  this->seen.spins = 10;
  bool came = false;
  this->seen.on_spin = [&] {
    if (std::exchange(came, true)) return;
    EXPECT_EQ(0, barrier.wait());
  };
  EXPECT_EQ(1, barrier.wait());
  EXPECT_EQ(0, this->seen.parks);
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(1, this->seen.paid_off);
  EXPECT_EQ(2u, this->seen.threads);
}

TYPED_TEST(cyclic_barrier_observed, what_comes_just_before_the_sleep_is_not_slept_through) {
  typename TestFixture::plain barrier(2);
  const std::vector<std::pair<std::function<void()>, std::ptrdiff_t>> ways = {
      {[&] { EXPECT_EQ(0, barrier.wait()); }, 1},
      {[&] { barrier.abort(); }, broken},
      {[&] { barrier.reset(); }, broken}};
  for (const auto& way : ways) {
    bool done = false;
    this->seen.before_park = [&] {
      if (!std::exchange(done, true)) way.first();
    };
    EXPECT_EQ(way.second, meet(barrier));
    barrier.reset();
  }
}

TYPED_TEST(cyclic_barrier, the_action_may_be_move_only) {
  struct move_only {
    std::unique_ptr<int> runs;
    void operator()() const { ++*runs; }
  };
  auto runs = std::make_unique<int>(0);
  const int& seen = *runs;
  park::basic_cyclic_barrier<move_only, TypeParam> one(1, move_only{std::move(runs)});
  one.wait();
  one.wait();
  EXPECT_EQ(2, seen);
}

}  // namespace
