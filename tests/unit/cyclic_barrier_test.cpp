// park::cyclic_barrier: one test per sentence of its contract, but for what breaks it, see cyclic_barrier_breaking_test and, of limits,
// cyclic_barrier_limits_test, and its end, see lifetime_test.
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
#include "support/cyclic_meeting.hpp"
#include "support/eventually.hpp"
#include "support/limits.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"

namespace {

using support::broken;
using support::meet;

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
  for (const std::ptrdiff_t parties : {std::ptrdiff_t{0}, std::ptrdiff_t{-1}, PTRDIFF_MIN,
                                       support::above(barrier::max()), support::far_above(barrier::max())}) {
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
