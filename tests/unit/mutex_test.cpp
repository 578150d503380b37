// park::mutex: one test per sentence of its contract. Its timed and stoppable locks: timeout_test, stop_test.
#include "park/mutex.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <stop_token>
#include <vector>

#include "support/asleep.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"
#include "support/synchronizing.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class mutex : public testing::Test {
 protected:
  using type = park::basic_mutex<Lot>;
};
TYPED_TEST_SUITE(mutex, support::lots, support::by_name);

template <class Lot>
class mutex_observed : public support::observing<Lot> {
 protected:
  using type = park::basic_mutex<support::observed_lot<Lot>>;

  mutex_observed() {
    this->seen.impatient = [] { return impatient; };
    this->seen.after_park = [this] {
      if (woken_waits) support::eventually([this] { return woken_may_go.load(); });
    };
  }

  // Has a thread that sleeps for `mutex`, which the caller holds, be woken in vain: the caller has overtaken it.
  void overtake(type& mutex) {
    const int parks = this->seen.parks;
    woken_waits = true;
    mutex.unlock();
    mutex.lock();
    woken_waits = false;
    woken_may_go = true;
    support::eventually([&] { return this->seen.parks > parks; });
    woken_may_go = false;
  }

  static inline thread_local bool impatient = false;  // out of patience as soon as it has slept
  std::atomic<bool> woken_waits{false}, woken_may_go{false};
};
TYPED_TEST_SUITE(mutex_observed, support::lots, support::by_name);

TYPED_TEST(mutex, is_held_by_one_at_a_time) {
  const int threads = 4, rounds = support::scaled(4000);
  typename TestFixture::type access;
  int inside = 0, visits = 0;  // not atomic: the mutex guards them
  {
    support::crew crew(threads, [&](int) {
      for (int round = 0; round < rounds; ++round) {
        access.lock();
        EXPECT_EQ(1, ++inside);
        ++visits;
        --inside;
        access.unlock();
      }
    });
  }
  EXPECT_EQ(threads * rounds, visits);
}

TYPED_TEST(mutex, try_lock_takes_what_is_free_and_fails_on_what_is_held) {
  typename TestFixture::type access;
  EXPECT_TRUE(access.try_lock());
  EXPECT_FALSE(access.try_lock());
  access.unlock();
  EXPECT_TRUE(access.try_lock());
}

TYPED_TEST(mutex, serves_the_standards_guards) {
  typename TestFixture::type first, second;
  {
    const std::lock_guard hold(first);
    EXPECT_FALSE(first.try_lock());
  }
  {
    const std::scoped_lock hold(first, second);
    EXPECT_FALSE(first.try_lock() || second.try_lock());
    EXPECT_FALSE(std::unique_lock(first, 0s).owns_lock());
  }
  {
    std::unique_lock hold(first, 1h);
    EXPECT_TRUE(hold.owns_lock());
    EXPECT_FALSE(std::unique_lock(first, std::try_to_lock).owns_lock());
    EXPECT_FALSE(std::unique_lock(first, std::chrono::steady_clock::time_point::min()).owns_lock());
  }
  EXPECT_TRUE(first.try_lock() && second.try_lock());
}

TYPED_TEST(mutex, each_unlock_synchronizes_with_every_kind_of_later_lock) {
  typename TestFixture::type access;
  support::expect_every_lock_to_synchronize(access);
}

TYPED_TEST(mutex, serves_all_beside_waits_that_time_out) {
  const int threads = 4, rounds = support::scaled(2000);
  typename TestFixture::type access;
  int visits = 0, expected = 0;
  {
    std::atomic<int> successes{0};
    support::crew crew(threads, [&](int index) {
      for (int round = 0; round < rounds; ++round) {
        if (index == 0 ? !access.try_lock_for(std::chrono::microseconds(round % 100)) : (access.lock(), false))
          continue;
        ++visits;
        ++successes;
        access.unlock();
      }
    });
    crew.join();
    expected = successes;
  }
  EXPECT_EQ(expected, visits);
  EXPECT_TRUE(access.try_lock());
}

TYPED_TEST(mutex_observed, unlock_wakes_one) {
  constexpr int waiters = 3;
  typename TestFixture::type access;
  access.lock();
  std::atomic<int> locked{0};
  support::crew crew(waiters, [&](int) {
    access.lock();
    ++locked;
  });
  this->until_parked(waiters);
  for (int woken = 1; woken <= waiters; ++woken) {
    access.unlock();  // the woken ones leave that to this thread
    support::eventually([&] { return locked == woken; });
    EXPECT_EQ(woken, this->seen.unparks);
    EXPECT_EQ(woken, this->seen.wakes);
  }
}

TYPED_TEST(mutex_observed, an_unlock_just_before_the_sleep_is_not_slept_through) {
  typename TestFixture::type access;
  access.lock();
  bool unlocked = false;
  this->seen.before_park = [&] {
    if (!unlocked) unlocked = true, access.unlock();
  };
  access.lock();
  EXPECT_EQ(1, this->seen.parks);
}

TYPED_TEST(mutex_observed, a_spin_that_ends_in_a_free_mutex_parks_nobody) {
  typename TestFixture::type access;
  access.lock();
  this->seen.spins = 10;
  bool unlocked = false;
  this->seen.on_spin = [&] {
    if (!unlocked) unlocked = true, access.unlock();
  };
  access.lock();
  access.unlock();
  EXPECT_EQ(0, this->seen.parks);
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(1, this->seen.paid_off);
}

TYPED_TEST(mutex_observed, a_thread_that_is_woken_in_vain_does_not_spin_again) {
  typename TestFixture::type access;
  std::atomic<int> spins{0};
  this->seen.spins = 1;
  this->seen.on_spin = [&] { ++spins; };
  access.lock();
  support::crew crew(1, [&](int) {
    access.lock();
    access.unlock();
  });
  this->until_parked(1);
  for (int round = 0; round < 3; ++round) this->overtake(access);
  EXPECT_EQ(1, spins);
  access.unlock();
}

TYPED_TEST(mutex_observed, a_thread_that_never_slept_may_overtake) {
  typename TestFixture::type access;
  access.lock();
  support::crew crew(1, [&](int) { access.lock(); });
  this->until_parked(1);
  for (int round = 0; round < 3; ++round) this->overtake(access);
  access.unlock();
}

TYPED_TEST(mutex_observed, a_woken_thread_out_of_patience_is_overtaken_no_more) {
  typename TestFixture::type access;
  access.lock();
  std::atomic<bool> taken{false}, unlock{false};
  support::crew crew(1, [&](int) {
    this->impatient = true;
    access.lock();
    taken = true;
    support::eventually([&] { return unlock.load(); });
    access.unlock();
  });
  this->until_parked(1);
  this->overtake(access);
  this->until_parked(1);
  access.unlock();
  EXPECT_FALSE(access.try_lock());
  EXPECT_FALSE(access.try_lock_for(0s));
  support::eventually([&] { return taken.load(); });
  unlock = true;
  access.lock();
}

// The one that it is kept for has been woken, and has not come yet.
TYPED_TEST(mutex_observed, a_free_mutex_that_is_kept_for_another_is_taken_neither_in_a_spin_nor_after_a_sleep) {
  typename TestFixture::type access;
  this->seen.spins = 3;
  this->seen.after_park = [this] {
    if (this->impatient && this->woken_waits) support::eventually([this] { return this->woken_may_go.load(); });
  };
  access.lock();
  support::crew crew(1, [&](int) {
    this->impatient = true;
    access.lock();
    access.unlock();
  });
  this->until_parked(1);
  this->overtake(access);
  this->until_parked(1);
  this->woken_waits = true;
  access.unlock();
  EXPECT_FALSE(access.try_lock());
  const bool taken = access.try_lock_for(1ms);
  EXPECT_FALSE(taken);
  if (taken) access.unlock();
  this->woken_may_go = true;
  crew.join();
  EXPECT_TRUE(access.try_lock());
}

TYPED_TEST(mutex_observed, a_thread_that_has_not_waited_for_long_lets_one_that_has_go_first) {
  typename TestFixture::type access;
  std::vector<bool> order;  // guarded by `access`
  access.lock();
  support::crew crew;
  const auto wait = [&](bool has_waited_for_long) {
    this->impatient = has_waited_for_long;
    access.lock();
    order.push_back(has_waited_for_long);
    access.unlock();
  };
  crew.add([&] { wait(true); });
  this->until_parked(1);
  this->overtake(access);
  crew.add([&] { wait(false); });
  this->until_parked(2);
  access.unlock();
  crew.join();
  EXPECT_EQ((std::vector<bool>{true, false}), order);
}

// As above, but the one that has waited for long sleeps behind the other, which is woken first and passes that on.
TYPED_TEST(mutex_observed, a_wake_that_comes_to_the_wrong_thread_is_passed_on) {
  if (!support::sleep_is_known()) GTEST_SKIP() << "this system does not tell whether a thread sleeps";
  typename TestFixture::type access;
  std::vector<bool> order;  // guarded by `access`
  access.lock();
  std::atomic<support::thread_id> waiting{0};
  support::crew crew;
  const auto wait = [&](bool has_waited_for_long) {
    waiting = support::this_thread();
    this->impatient = has_waited_for_long;
    access.lock();
    order.push_back(has_waited_for_long);
    access.unlock();
  };
  // Asleep, and not only on their way: who parked first is woken first.
  crew.add([&] { wait(true); });
  this->until_parked(1);
  support::eventually([&] { return support::asleep(waiting); });
  crew.add([&] { wait(false); });
  this->until_parked(2);
  support::eventually([&] { return support::asleep(waiting); });
  this->overtake(access);
  this->until_parked(2);
  access.unlock();
  crew.join();
  EXPECT_EQ((std::vector<bool>{true, false}), order);
}

TYPED_TEST(mutex_observed, a_thread_out_of_patience_that_is_stopped_leaves_the_mutex_to_all) {
  typename TestFixture::type access;
  std::stop_source stop;
  access.lock();
  support::crew crew(1, [&](int) {
    this->impatient = true;
    EXPECT_FALSE(access.lock(stop.get_token()));
  });
  this->until_parked(1);
  this->overtake(access);
  this->until_parked(1);
  stop.request_stop();
  crew.join();
  access.unlock();
  EXPECT_TRUE(access.try_lock());
}

}  // namespace
