// park::countdown_latch: one test per sentence of its contract. Its timed and stoppable waits: timeout_test, stop_test; its end:
// lifetime_test.
#include "park/countdown_latch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <vector>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/limits.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class countdown_latch : public testing::Test {
 protected:
  using type = park::basic_countdown_latch<Lot>;
};
TYPED_TEST_SUITE(countdown_latch, support::lots, support::by_name);

template <class Lot>
class countdown_latch_observed : public support::observing<Lot> {
 protected:
  using type = park::basic_countdown_latch<support::observed_lot<Lot>>;

  // All kinds of wait.
  static std::vector<std::function<bool()>> waits(const type& latch) {
    return {[&] { return latch.wait(), true; }, [&] { return latch.wait_for(1h); },
            [&] { return latch.wait_until(std::chrono::system_clock::now() + 1h); },
            [&] { return latch.wait(std::stop_token()); }};
  }
};
TYPED_TEST_SUITE(countdown_latch_observed, support::lots, support::by_name);

TYPED_TEST(countdown_latch, is_of_one_by_default) {
  typename TestFixture::type latch;
  EXPECT_EQ(1, latch.count());
  latch.count_down();
  EXPECT_EQ(0, latch.count());
}

TYPED_TEST(countdown_latch, of_zero_is_open_from_the_start) {
  const typename TestFixture::type open(0);
  open.wait();
  EXPECT_TRUE(open.wait_for(0s));
}

TYPED_TEST(countdown_latch, opens_at_zero_and_not_before) {
  typename TestFixture::type three(3);
  for (int left = 3; left > 0; --left) {
    EXPECT_EQ(left, three.count());
    EXPECT_FALSE(three.wait_for(0s));
    three.count_down();
  }
  EXPECT_EQ(0, three.count());
  three.wait();
}

TYPED_TEST(countdown_latch, count_down_at_zero_does_nothing) {
  typename TestFixture::type latch(1);
  for (int call = 0; call < 3; ++call) latch.count_down();
  EXPECT_EQ(0, latch.count());
  latch.wait();
  EXPECT_TRUE(latch.try_set_count(1));
  EXPECT_EQ(1, latch.count());
}

TYPED_TEST(countdown_latch, try_set_count_begins_a_round_at_zero_only) {
  typename TestFixture::type latch(2);
  EXPECT_FALSE(latch.try_set_count(5));
  EXPECT_EQ(2, latch.count());
  latch.count_down();
  EXPECT_FALSE(latch.try_set_count(5));
  EXPECT_EQ(1, latch.count());
  latch.count_down();
  EXPECT_TRUE(latch.try_set_count(5));
  EXPECT_EQ(5, latch.count());
  EXPECT_FALSE(latch.try_set_count(5));
  EXPECT_FALSE(latch.wait_for(0s));
}

TYPED_TEST(countdown_latch, may_have_a_count_of_max) {
  constexpr std::ptrdiff_t max = TestFixture::type::max();
  typename TestFixture::type most(max), none(0);
  EXPECT_EQ(max, most.count());
  most.count_down();
  EXPECT_EQ(max - 1, most.count());
  EXPECT_TRUE(none.try_set_count(max));
  EXPECT_EQ(max, none.count());
}

TYPED_TEST(countdown_latch, refuses_a_count_that_is_negative_or_above_max) {
  using latch = typename TestFixture::type;
  for (const std::ptrdiff_t count :
       {std::ptrdiff_t{-1}, PTRDIFF_MIN, support::above(latch::max()), support::far_above(latch::max())}) {
    EXPECT_THROW(latch refused(count), std::invalid_argument);
  }
}

TYPED_TEST(countdown_latch, refuses_a_round_of_zero_or_less_or_above_max_and_changes_nothing) {
  using latch = typename TestFixture::type;
  latch open(0), two(2);
  for (const std::ptrdiff_t n : {std::ptrdiff_t{0}, std::ptrdiff_t{-1}, PTRDIFF_MIN, support::above(latch::max()),
                                 support::far_above(latch::max())}) {
    EXPECT_THROW(static_cast<void>(open.try_set_count(n)), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(two.try_set_count(n)), std::invalid_argument);
  }
  EXPECT_EQ(0, open.count());
  EXPECT_EQ(2, two.count());
}

TYPED_TEST(countdown_latch, what_is_refused_says_why) {
  typename TestFixture::type open(0);
  try {
    static_cast<void>(open.try_set_count(0));
    FAIL();
  } catch (const std::invalid_argument& refusal) {
    EXPECT_STREQ("countdown_latch::try_set_count(n): n is not positive or above max()", refusal.what());
  }
}

// The data below is not atomic: ThreadSanitizer tells if a wait does not synchronize.
TYPED_TEST(countdown_latch, each_count_down_synchronizes_with_every_kind_of_wait) {
  typename TestFixture::type done(2);
  int data[2] = {0, 0};
  const auto expect_data = [&] { EXPECT_EQ(3, data[0] + data[1]); };
  support::crew crew(2, [&](int index) {
    data[index] = index + 1;
    done.count_down();
  });
  crew.add([&] { done.wait(), expect_data(); });
  crew.add([&] { support::eventually([&] { return done.count() == 0; }), expect_data(); });
  crew.add([&] { EXPECT_TRUE(done.wait_for(1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(done.wait_until(std::chrono::system_clock::now() + 1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(done.wait(std::stop_token())), expect_data(); });
}

TYPED_TEST(countdown_latch, count_down_synchronizes_with_the_try_set_count_that_begins_the_next_round) {
  typename TestFixture::type latch;
  int data = 0;
  support::crew crew(1, [&](int) {
    data = 1;
    latch.count_down();
  });
  support::eventually([&] { return latch.try_set_count(1); });
  EXPECT_EQ(1, data);
}

// The leader's data is read by the workers of a round, and theirs by the leader after it; the next round writes both again.
TYPED_TEST(countdown_latch, rounds_pass_work_to_and_fro) {
  constexpr int workers = 3, rounds = 500;
  typename TestFixture::type done(workers);
  int task = 0, results[workers] = {};
  std::atomic<int> round{0};
  support::crew crew(workers, [&](int index) {
    for (int mine = 0; mine < rounds; ++mine) {
      support::eventually([&] { return round == mine + 1; });
      results[index] = task;
      done.count_down();
    }
  });
  for (int mine = 0; mine < rounds; ++mine) {
    EXPECT_EQ(mine > 0, done.try_set_count(workers));
    task = mine;
    round = mine + 1;
    done.wait();
    for (const int result : results) EXPECT_EQ(mine, result);
  }
}

TYPED_TEST(countdown_latch, one_of_many_begins_a_round) {
  constexpr int threads = 4, rounds = 500;
  typename TestFixture::type latch(0);
  std::atomic<int> begun{0};
  {
    support::crew crew(threads, [&](int) {
      for (int round = 0; round < rounds; ++round) {
        if (latch.try_set_count(1)) {
          ++begun;
          latch.count_down();
        }
      }
    });
  }
  EXPECT_EQ(0, latch.count());
  EXPECT_GE(begun, rounds);
}

TYPED_TEST(countdown_latch_observed, wakes_everyone_at_zero_by_one_call) {
  constexpr int waiters = 5;
  typename TestFixture::type two(2);
  support::crew crew(waiters, [&](int) { two.wait(); });
  this->until_parked(waiters);
  two.count_down();
  EXPECT_EQ(0, this->seen.unparks);
  two.count_down();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(countdown_latch_observed, count_down_at_zero_and_a_new_round_wake_nobody) {
  typename TestFixture::type latch;
  support::crew crew(1, [&](int) { latch.wait(); });
  this->until_parked(1);
  latch.count_down();
  latch.count_down();
  EXPECT_TRUE(latch.try_set_count(1));
  latch.count_down();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

// The waiter is held inside park until the next round has begun.
TYPED_TEST(countdown_latch_observed, a_waiter_of_one_round_is_let_go_by_its_end_though_a_new_one_has_begun) {
  typename TestFixture::type latch;
  std::atomic<bool> begun{false};
  this->seen.after_park = [&] { support::eventually([&] { return begun.load(); }); };
  for (const auto& wait : this->waits(latch)) {
    begun = false;
    support::crew crew(1, [&](int) { EXPECT_TRUE(wait()); });
    this->until_parked(1);
    latch.count_down();
    EXPECT_TRUE(latch.try_set_count(1));
    begun = true;
    crew.join();
    EXPECT_EQ(1, latch.count());
  }
}

// The round ends, another begins and is waited for, all between a waiter's last look at the word and its sleep.
TYPED_TEST(countdown_latch_observed, the_end_of_a_round_just_before_the_sleep_is_not_slept_through) {
  typename TestFixture::type latch;
  bool done = false;
  this->seen.before_park = [&] {
    if (done) return;
    done = true;
    latch.count_down();
    EXPECT_TRUE(latch.try_set_count(1));
    EXPECT_FALSE(latch.wait_for(1ns));
  };
  latch.wait();
  EXPECT_EQ(1, latch.count());
}

TYPED_TEST(countdown_latch_observed, a_waiter_of_the_new_round_waits_for_its_end) {
  typename TestFixture::type latch;
  latch.count_down();
  EXPECT_TRUE(latch.try_set_count(2));
  std::atomic<bool> over{false};
  support::crew crew(1, [&](int) {
    latch.wait();
    EXPECT_TRUE(over);
  });
  this->until_parked(1);
  latch.count_down();
  over = true;
  latch.count_down();
}

TYPED_TEST(countdown_latch_observed, a_spin_that_ends_in_a_new_round_parks_nobody) {
  typename TestFixture::type latch;
  this->seen.spins = 10;
  this->seen.on_spin = [&] {
    latch.count_down();
    EXPECT_TRUE(latch.try_set_count(1));
  };
  latch.wait();
  EXPECT_EQ(0, this->seen.parks);
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(1, this->seen.paid_off);
}

}  // namespace
