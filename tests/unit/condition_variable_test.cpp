// park::condition_variable: one test per sentence of its contract. Who sleeps and is woken: condition_variable_waking_test. Its timed and
// stoppable waits: timeout_test, stop_test.
#include "park/condition_variable.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/mapped.hpp"
#include "support/mini_stop.hpp"
#include "support/sanitizers.hpp"
#include "support/waiting_line.hpp"

namespace {

using namespace std::chrono_literals;

using support::waiting_line;

template <class Lot>
class condition_variable : public testing::Test {
 protected:
  using type = park::basic_condition_variable<Lot>;
  using mutex_type = park::basic_mutex<Lot>;
  using recursive_mutex_type = park::basic_recursive_mutex<Lot>;
};
TYPED_TEST_SUITE(condition_variable, support::lots, support::by_name);

// Waits with a lock of any type, and is notified with it held by the notifier.
template <class Lot, class Lock, class Mutex>
void meet(Lock& lock, Mutex& mutex) {
  park::basic_condition_variable<Lot> changed;
  bool ready = false;
  support::crew crew;
  lock.lock();
  crew.add([&] {
    mutex.lock();
    ready = true;
    changed.notify_one();
    mutex.unlock();
  });
  changed.wait(lock, [&] { return ready; });
  ready = false;  // with the lock held
  lock.unlock();
}

TYPED_TEST(condition_variable, waits_with_any_lock) {
  typename TestFixture::mutex_type own;
  typename TestFixture::recursive_mutex_type recursive;
  std::mutex other;
  std::unique_lock own_lock(own, std::defer_lock);
  std::unique_lock recursive_lock(recursive, std::defer_lock);
  std::unique_lock other_lock(other, std::defer_lock);
  meet<TypeParam>(own, own);
  meet<TypeParam>(own_lock, own);
  meet<TypeParam>(recursive, recursive);
  meet<TypeParam>(recursive_lock, recursive);
  meet<TypeParam>(other, other);
  meet<TypeParam>(other_lock, other);
}

TYPED_TEST(condition_variable, lets_go_of_all_levels_of_a_recursive_mutex_and_takes_them_again) {
  typename TestFixture::recursive_mutex_type mutex;
  typename TestFixture::type changed;
  bool ready = false;
  const std::lock_guard first(mutex), second(mutex);
  support::crew crew;
  crew.add([&] {
    const std::lock_guard hold(mutex);
    ready = true;
    changed.notify_all();
  });
  {
    std::unique_lock third(mutex);
    changed.wait(third, [&] { return ready; });
  }
  crew.join();

  support::crew(1, [&](int) { EXPECT_FALSE(mutex.try_lock()); });
}

TYPED_TEST(condition_variable, a_notification_is_for_those_who_wait_and_not_for_those_who_come) {
  typename TestFixture::mutex_type mutex;
  typename TestFixture::type changed;
  changed.notify_one();
  changed.notify_all();
  std::unique_lock hold(mutex);
  EXPECT_EQ(std::cv_status::timeout, changed.wait_for(hold, 1us));
  changed.notify_all();
  EXPECT_EQ(std::cv_status::timeout, changed.wait_for(hold, 0us));
  EXPECT_EQ(std::cv_status::timeout, changed.wait_until(hold, std::chrono::steady_clock::time_point::min()));
}

TYPED_TEST(condition_variable, notify_one_ends_the_wait_that_began_first) {
  waiting_line<TypeParam> waiters;
  for (int index = 0; index < 4; ++index) waiters.add();
  for (int index = 0; index < 4; ++index) {
    EXPECT_EQ(index, waiters.waits_over());
    waiters.changed.notify_one();
    waiters.until_over(index + 1);
  }
  EXPECT_EQ((std::vector{0, 1, 2, 3}), waiters.over);
}

TYPED_TEST(condition_variable, notify_ends_so_many) {
  waiting_line<TypeParam> waiters;
  for (int index = 0; index < 5; ++index) waiters.add();
  waiters.changed.notify(0);
  waiters.changed.notify(3);
  waiters.until_over(3);
  {
    const std::lock_guard hold(waiters.mutex);
    std::vector<int> over = waiters.over;
    std::sort(over.begin(), over.end());
    EXPECT_EQ((std::vector{0, 1, 2}), over);
  }
  waiters.changed.notify(3);
}

TYPED_TEST(condition_variable, notify_all_ends_all_with_the_mutex_held_or_not) {
  waiting_line<TypeParam> waiters;
  for (int index = 0; index < 4; ++index) waiters.add();
  waiters.changed.notify_all();
  waiters.until_over(4);
  for (int index = 0; index < 4; ++index) waiters.add();
  {
    const std::lock_guard hold(waiters.mutex);
    waiters.changed.notify_all();
    EXPECT_EQ(4, waiters.waits_over());
  }
  waiters.until_over(8);
  const std::lock_guard nobody_has_kept_it(waiters.mutex);
}

TYPED_TEST(condition_variable, who_gave_up_is_not_notified_but_the_next_is) {
  waiting_line<TypeParam> waiters;
  waiters.add([&](auto& hold) { EXPECT_EQ(std::cv_status::timeout, waiters.changed.wait_for(hold, 1us)); });
  waiters.add();
  waiters.until_over(1);
  waiters.changed.notify_one();
  waiters.until_over(2);
}

TYPED_TEST(condition_variable, waiters_of_several_mutexes_are_all_notified) {
  typename TestFixture::type changed;
  typename TestFixture::mutex_type first, second;
  std::mutex third;
  bool ready[3] = {};
  std::atomic<int> waiting{0};
  support::crew crew;
  const auto wait = [&](auto& mutex, bool& said) {
    crew.add([&] {
      std::unique_lock hold(mutex);
      ++waiting;
      changed.wait(hold, [&] { return said; });
    });
  };
  for (int round = 0; round < 3; ++round) wait(first, ready[0]), wait(second, ready[1]), wait(third, ready[2]);
  support::eventually([&] { return waiting == 9; });
  const std::scoped_lock hold(first, second, third);
  ready[0] = ready[1] = ready[2] = true;
  changed.notify_all();
}

TYPED_TEST(condition_variable, may_be_destroyed_once_all_have_been_notified) {
  const int rounds = support::scaled(200);
  for (int round = 0; round < rounds; ++round) {
    typename TestFixture::mutex_type mutex;
    support::mapped<typename TestFixture::type> changed;
    std::atomic<int> waiting{0};
    support::crew crew(3, [&](int) {
      std::unique_lock hold(mutex);
      ++waiting;
      changed->wait(hold);
    });
    support::eventually([&] { return waiting == 3; });
    const std::lock_guard hold(mutex);
    changed->notify_all();
    changed.vanish();
  }
}

// The time comes when it pleases: some of the waits are over by then, some begin to leave just when all are notified.
TYPED_TEST(condition_variable, destruction_waits_for_those_who_leave) {
  const int rounds = support::scaled(400);
  for (int round = 0; round < rounds; ++round) {
    typename TestFixture::mutex_type mutex;
    auto changed = std::make_unique<typename TestFixture::type>();
    std::atomic<int> waiting{0};
    support::crew crew(2, [&, &it = *changed](int index) {
      std::unique_lock hold(mutex);
      ++waiting;
      static_cast<void>(it.wait_for(hold, 1us * (round % 40 + 20 * index)));
    });
    support::eventually([&] { return waiting == 2; });
    const std::lock_guard hold(mutex);
    changed->notify_all();
    changed.reset();
  }
}

TYPED_TEST(condition_variable, what_unlock_throws_comes_out_and_leaves_nothing_behind) {
  struct {
    void lock() {}
    void unlock() { throw std::runtime_error("not today"); }
  } lock;
  waiting_line<TypeParam> waiters;
  EXPECT_THROW(waiters.changed.wait(lock), std::runtime_error);
  EXPECT_THROW(static_cast<void>(waiters.changed.wait_for(lock, 1h)), std::runtime_error);
  waiters.add();
  waiters.changed.notify_one();
  waiters.until_over(1);
}

// A mutex with members of its own is locked by them.
TYPED_TEST(condition_variable, of_a_type_derived_from_a_mutex_its_own_members_are_called) {
  struct counting : TestFixture::mutex_type {
    int locks = 0, unlocks = 0;
    void lock() { TestFixture::mutex_type::lock(), ++locks; }
    void unlock() { ++unlocks, TestFixture::mutex_type::unlock(); }
  } mutex;
  typename TestFixture::type changed;
  mutex.lock();
  EXPECT_EQ(std::cv_status::timeout, changed.wait_for(mutex, 1us));
  std::unique_lock hold(mutex, std::adopt_lock);
  EXPECT_EQ(std::cv_status::timeout, changed.wait_for(hold, 0s));
  EXPECT_EQ(3, mutex.locks);
  EXPECT_EQ(2, mutex.unlocks);
}

// Its owner may change it, or end its life, as soon as the lock is let go.
TYPED_TEST(condition_variable, the_time_is_what_it_was_at_the_call) {
  struct {
    std::chrono::steady_clock::time_point* time;
    std::chrono::nanoseconds* timeout;
    void lock() {}
    void unlock() { *time = std::chrono::steady_clock::time_point::max(), *timeout = 24h; }
  } lock;
  std::chrono::steady_clock::time_point time;
  std::chrono::nanoseconds timeout;
  lock.time = &time, lock.timeout = &timeout;
  const auto reset = [&] { time = std::chrono::steady_clock::now() + 1ms, timeout = 1ms; };
  const auto never = [] { return false; };
  support::mini_stop_source source;
  typename TestFixture::type changed;
  reset();
  EXPECT_EQ(std::cv_status::timeout, changed.wait_until(lock, time));
  reset();
  EXPECT_EQ(std::cv_status::timeout, changed.wait_for(lock, timeout));
  reset();
  EXPECT_FALSE(changed.wait_until(lock, time, never));
  reset();
  EXPECT_FALSE(changed.wait_for(lock, timeout, never));
  reset();
  EXPECT_FALSE(changed.wait_until(lock, source.get_token(), time, never));
  reset();
  EXPECT_FALSE(changed.wait_for(lock, source.get_token(), timeout, never));
}

TYPED_TEST(condition_variable, what_the_predicate_throws_comes_out_with_the_lock_held) {
  typename TestFixture::mutex_type mutex;
  typename TestFixture::type changed;
  std::unique_lock hold(mutex);
  EXPECT_THROW(changed.wait_for(hold, 1h, []() -> bool { throw std::runtime_error("not today"); }), std::runtime_error);
  EXPECT_TRUE(hold.owns_lock());
  EXPECT_FALSE(mutex.try_lock());
}

TYPED_TEST(condition_variable, a_wait_with_a_recursive_mutex_of_another_thread_throws) {
  typename TestFixture::recursive_mutex_type mutex;
  typename TestFixture::type changed;
  EXPECT_THROW(changed.wait(mutex), park::not_owner_error);
}

TYPED_TEST(condition_variable, of_a_unique_lock_that_owns_nothing_is_a_violation) {
  typename TestFixture::mutex_type mutex;
  typename TestFixture::type changed;
  std::unique_lock idle(mutex, std::defer_lock);
  EXPECT_DEATH(changed.wait(idle),
               "park: contract violation: condition_variable: a wait with a lock that does not own");
}

// A stop request that comes while the requester holds the mutex must not wait for the waiter, which waits for the mutex.
TYPED_TEST(condition_variable, a_stop_may_be_requested_with_the_mutex_held) {
  const int rounds = support::scaled(200);
  for (int round = 0; round < rounds; ++round) {
    support::mini_stop_source source;
    waiting_line<TypeParam> waiters;
    waiters.add(
        [&](auto& hold) { EXPECT_FALSE(waiters.changed.wait(hold, source.get_token(), [] { return false; })); });
    waiters.add();
    const std::lock_guard hold(waiters.mutex);
    if (round % 2 == 0) waiters.changed.notify_all();
    source.request_stop();
    if (round % 2 == 1) waiters.changed.notify_all();
  }
}

// One baton, handed round by notify_one to whom it may be: a lost or stolen notification ends in a standstill.
TYPED_TEST(condition_variable, no_notification_is_lost) {
  const int threads = 4, rounds = support::scaled(4000);
  typename TestFixture::mutex_type mutex;
  typename TestFixture::type turn[threads];
  int next = 0;
  support::crew crew(threads, [&](int self) {
    for (int round = 0; round < rounds; ++round) {
      std::unique_lock hold(mutex);
      turn[self].wait(hold, [&] { return next == self; });
      next = (self + 1) % threads;
      if (round % 2 == 0) hold.unlock();
      turn[(self + 1) % threads].notify_one();
    }
  });
}

// Timed waits end at about the time when they are notified, over and over.
TYPED_TEST(condition_variable, a_notification_at_the_last_moment_is_taken_or_left_for_the_next) {
  const int threads = 4, rounds = support::scaled(1000);
  typename TestFixture::mutex_type mutex;
  typename TestFixture::type changed;
  std::atomic<int> working{threads};
  int given = 0, taken = 0, unheard = 0;
  support::crew crew(threads, [&](int self) {
    for (int round = 0; round < rounds; ++round) {
      std::unique_lock hold(mutex);
      const auto patience = 1us * ((round + 7 * self) % 30);
      ++(changed.wait_for(hold, patience) == std::cv_status::no_timeout ? taken : unheard);
    }
    --working;
  });
  while (working > 0) {
    const std::lock_guard hold(mutex);
    ++given;
    changed.notify_one();
  }
  crew.join();
  EXPECT_EQ(threads * rounds, taken + unheard);
  EXPECT_LE(taken, given);
}

}  // namespace
