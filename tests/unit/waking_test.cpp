// Who parks, on what, and who is woken (laws 3, 4, 5, 9 and 10), seen from the lot.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>

#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/limits.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class waking : public support::observing<Lot> {
 public:
  using lot = support::observed_lot<Lot>;
  using latch_type = park::basic_latch<lot>;
  using semaphore_type = park::basic_counting_semaphore<1000, lot>;
  using wide_semaphore_type = park::basic_counting_semaphore<PTRDIFF_MAX, lot>;
  using barrier_type = park::basic_barrier<park::detail::no_completion, lot>;

  // The word of an object whose first member it is.
  template <class Word, class Object>
  static const support::observed_atomic<Word>& word_of(const Object& object) {
    return reinterpret_cast<const support::observed_atomic<Word>&>(object);
  }

  // A release comes to each thread that is about to park: none of them may sleep on a value with permits in it.
  template <class Semaphore>
  void expect_parks_only_on(Semaphore& none, typename lot::address where, std::uint32_t value) {
    this->seen.before_park = [&] { none.release(); };
    support::crew crew(3, [&](int) {
      none.acquire();
      none.acquire();
    });
    until_parks(1);
    none.release(6);  // for those whose own permit was taken by another
    crew.join();
    for (const auto& call : this->seen.log()) {
      EXPECT_TRUE(call.where == where);
      EXPECT_EQ(value, call.value);
    }
  }

  // Holds every thread that comes out of park until let_go().
  void hold_woken() {
    this->seen.after_park = [this] {
      ++woken;
      support::eventually([this] { return !holding; });
    };
  }
  void until_woken(int threads) {
    support::eventually([&] { return woken >= threads; });
  }
  void until_parks(int calls) {
    support::eventually([&] { return this->seen.parks >= calls; });
  }
  void let_go() { holding = false; }
  int parks() const { return this->seen.parks; }

  std::atomic<int> woken{0};
  std::atomic<bool> holding{true};
};
TYPED_TEST_SUITE(waking, support::lots, support::by_name);

// Law 3: park only on the exhausted value.

TYPED_TEST(waking, a_latch_parks_only_on_a_count_above_zero) {
  typename TestFixture::latch_type three(3);
  support::crew crew(3, [&](int) { three.wait(); });
  this->until_parked(3);
  for (int count = 0; count < 3; ++count) three.count_down();
  crew.join();
  for (const auto& call : this->seen.log()) EXPECT_NE(0u, call.value & 0x7fffffffu);
}

TYPED_TEST(waking, a_semaphore_parks_only_on_no_permits) {
  typename TestFixture::semaphore_type none(0);
  const auto where = TestFixture::lot::low_half(TestFixture::template word_of<std::uint64_t>(none));
  this->expect_parks_only_on(none, where, 0);
}

TYPED_TEST(waking, a_wide_semaphore_parks_only_on_the_mark_of_no_permits) {
  if (!support::some_are_wide) GTEST_SKIP() << "no semaphore is wide where std::ptrdiff_t has 32 bits";
  typename TestFixture::wide_semaphore_type none(0);
  const auto where = TestFixture::lot::high_half(TestFixture::template word_of<std::uint64_t>(none));
  this->expect_parks_only_on(none, where, 0xffffffff);
}

TYPED_TEST(waking, a_barrier_parks_only_on_its_own_phase) {
  typename TestFixture::barrier_type two(2);
  for (std::uint32_t phase = 0; phase < 3; ++phase) {
    support::crew crew(1, [&](int) { two.arrive_and_wait(); });
    this->until_parked(1);
    two.arrive_and_wait();
    crew.join();
    EXPECT_EQ(2 * phase + 1, this->seen.log().back().value);  // the phase, and the mark of sleepers
  }
}

// What a thread waits for comes right after it has registered as a waiter: the value that it then parks on must be the one it has
// registered for, not one that it reads anew.

TYPED_TEST(waking, a_count_down_right_after_the_registration_is_not_slept_through) {
  typename TestFixture::latch_type one(1);
  support::after_next_write = [&] { one.count_down(); };
  one.wait();
}

TYPED_TEST(waking, a_release_right_after_the_registration_is_not_slept_through) {
  typename TestFixture::semaphore_type none(0);
  support::after_next_write = [&] { none.release(); };
  none.acquire();
}

TYPED_TEST(waking, a_release_of_a_wide_semaphore_right_after_the_registration_is_not_slept_through) {
  typename TestFixture::wide_semaphore_type none(0);
  support::after_next_write = [&] { none.release(); };
  none.acquire();
}

TYPED_TEST(waking, a_turn_right_after_the_registration_is_not_slept_through) {
  typename TestFixture::barrier_type two(2);
  auto token = two.arrive();
  support::after_next_write = [&] { static_cast<void>(two.arrive()); };
  two.wait(std::move(token));
}

// Law 4: two waiters, two releases, both wake, though the second release does not find zero permits.

TYPED_TEST(waking, two_releases_wake_two_sleepers) {
  this->hold_woken();
  typename TestFixture::semaphore_type none(0);
  support::crew crew(2, [&](int) { none.acquire(); });
  this->until_parked(2);
  none.release();
  this->until_woken(1);
  none.release();  // the first permit has not been taken yet
  EXPECT_EQ(2, this->seen.wakes);
  this->let_go();
  crew.join();
  EXPECT_EQ(0, none.available());
}

TYPED_TEST(waking, two_releases_of_a_wide_semaphore_wake_two_sleepers) {
  this->hold_woken();
  typename TestFixture::wide_semaphore_type none(0);
  support::crew crew(2, [&](int) { none.acquire(); });
  this->until_parked(2);
  none.release();
  this->until_woken(1);
  none.release();  // wakes nobody itself: the first sleeper passes the wake on
  this->let_go();
  crew.join();
  EXPECT_EQ(0, none.available());
}

// Law 5: register as a waiter only after spinning.

TYPED_TEST(waking, a_spinning_thread_writes_nothing) {
  typename TestFixture::latch_type latch(1);
  typename TestFixture::semaphore_type semaphore(0);
  typename TestFixture::wide_semaphore_type wide_semaphore(0);
  typename TestFixture::barrier_type barrier(2);
  const auto token = barrier.arrive();
  this->seen.spins = 100;
  std::string accesses;
  this->seen.on_spin = [&] { accesses = *support::trace; };
  const auto expect_only_loads = [&](auto wait) {
    static_cast<void>(support::trace_of(wait));
    EXPECT_GE(accesses.size(), 99u);
    EXPECT_EQ(std::string::npos, accesses.find_first_not_of('l')) << accesses;
  };
  expect_only_loads([&] { EXPECT_FALSE(latch.wait_for(1ms)); });
  expect_only_loads([&] { EXPECT_FALSE(semaphore.try_acquire_for(1ms)); });
  expect_only_loads([&] { EXPECT_FALSE(semaphore.try_acquire_for(2, 1ms)); });
  expect_only_loads([&] { EXPECT_FALSE(wide_semaphore.try_acquire_for(1ms)); });
  expect_only_loads([&] { EXPECT_FALSE(barrier.wait_for(token, 1ms)); });
}

TYPED_TEST(waking, a_barrier_tells_how_many_wait_for_each_other) {
  typename TestFixture::barrier_type five(5);
  EXPECT_FALSE(five.wait_for(five.arrive(), 0s));
  EXPECT_EQ(5u, this->seen.threads);
  static_cast<void>(five.arrive(3));
  five.arrive_and_drop();
  EXPECT_FALSE(five.wait_for(five.arrive(), 0s));
  EXPECT_EQ(4u, this->seen.threads);
}

// Law 9: wake exactly as many as can proceed.

TYPED_TEST(waking, a_release_of_n_wakes_at_most_n_and_at_most_those_who_sleep) {
  for (const int sleepers : {1, 3, 5}) {
    typename TestFixture::semaphore_type none(0);
    support::crew crew(sleepers, [&](int) { none.acquire(); });
    this->until_parked(sleepers);
    const auto wakes = this->seen.wakes.load();
    const int unparks = this->seen.unparks;
    none.release(3);
    EXPECT_EQ(std::min(3, sleepers), this->seen.wakes - wakes);
    EXPECT_EQ(1, this->seen.unparks - unparks);
    if (sleepers > 3) none.release(sleepers - 3);
    crew.join();
  }
}

TYPED_TEST(waking, a_release_of_n_of_a_wide_semaphore_wakes_at_most_n) {
  typename TestFixture::wide_semaphore_type none(0);
  this->hold_woken();
  support::crew crew(5, [&](int) { none.acquire(); });
  this->until_parked(5);
  none.release(3);
  EXPECT_GE(3, this->seen.wakes);
  EXPECT_EQ(1, this->seen.unparks);
  this->let_go();
  none.release(2);
  crew.join();
}

TYPED_TEST(waking, nobody_is_woken_for_a_permit_that_has_its_taker_on_the_way) {
  this->hold_woken();
  typename TestFixture::semaphore_type none(0);
  support::crew crew(1, [&](int) { none.acquire(); });
  this->until_parked(1);
  none.release();
  none.release();
  none.release(5);
  EXPECT_EQ(1, this->seen.wakes);
  EXPECT_EQ(1, this->seen.unparks);
  this->let_go();
  crew.join();
  EXPECT_EQ(6, none.available());
}

// Law 10: who gives up leaves no trace.

TYPED_TEST(waking, a_release_after_a_timeout_wakes_nobody) {
  typename TestFixture::semaphore_type none(0);
  // Each again where its time is over before it sleeps.
  while (this->seen.parks < 1) EXPECT_FALSE(none.try_acquire_for(1ms));
  const int parks = this->seen.parks;
  while (this->seen.parks == parks) EXPECT_FALSE(none.try_acquire_for(3, 1ms));
  const int before = this->seen.unparks;
  none.release();
  EXPECT_EQ(before, this->seen.unparks);
}

// The price of a word without room for a count of waiters: one call, once.
TYPED_TEST(waking, at_most_one_release_after_a_timeout_on_a_wide_semaphore_wakes_in_vain) {
  typename TestFixture::wide_semaphore_type none(0);
  EXPECT_FALSE(none.try_acquire_for(1ms));
  for (int round = 0; round < 5; ++round) {
    none.release();
    EXPECT_TRUE(none.try_acquire());
  }
  EXPECT_LE(this->seen.unparks, 1);
}

TYPED_TEST(waking, a_release_after_a_stop_wakes_nobody) {
  typename TestFixture::semaphore_type none(0);
  std::stop_source stop;
  {
    support::crew crew(1, [&](int) { EXPECT_FALSE(none.acquire(stop.get_token())); });
    this->until_parked(1);
    stop.request_stop();
  }
  const int before = this->seen.unparks;
  none.release();
  EXPECT_EQ(before, this->seen.unparks);
  EXPECT_EQ(1, none.available());
}

// One sleeper with a limit and one without. The first is woken for a permit, and its limit is reached before it takes it: it must not
// leave the permit to the other, whom nobody would wake.
template <class Semaphore, class Test, class Limited, class ReachLimit>
void expect_wake_is_not_lost(Test& test, Limited limited, ReachLimit reach_limit) {
  test.hold_woken();
  Semaphore none(0);
  std::atomic<int> served{0}, returned{0};
  support::crew crew;
  for (int tries = 1; test.parks() < 1; ++tries) {  // if its time is over before it sleeps, it has more the next
    crew.add([&, tries] {
      served += limited(none, tries) ? 1 : 0;
      ++returned;
    });
    support::eventually([&] { return test.parks() >= 1 || returned >= tries; });
  }
  crew.add([&] {
    none.acquire();
    ++served;
  });
  test.until_parks(2);
  none.release();
  test.until_woken(1);
  reach_limit();
  test.let_go();
  support::eventually([&] { return served >= 1; });
  none.release();
  crew.join();
  EXPECT_EQ(2, served + none.available());
}

template <class Semaphore, class Test>
void expect_wake_is_not_lost_on_timeout(Test& test) {
  auto deadline = std::chrono::steady_clock::now();  // of the thread that sleeps: it writes it before that
  expect_wake_is_not_lost<Semaphore>(
      test,
      [&](Semaphore& none, int tries) {
        deadline = std::chrono::steady_clock::now() + tries * 30ms;
        return none.try_acquire_until(deadline);
      },
      [&] { support::eventually([&] { return std::chrono::steady_clock::now() > deadline; }); });
}

template <class Semaphore, class Test>
void expect_wake_is_not_lost_on_stop(Test& test) {
  std::stop_source stop;
  support::crew requester;
  expect_wake_is_not_lost<Semaphore>(
      test, [&](Semaphore& none, int) { return none.acquire(stop.get_token()); },
      [&] {
        requester.add([&] { stop.request_stop(); });
        support::eventually([&] { return stop.stop_requested(); });
      });
}

TYPED_TEST(waking, a_wake_spent_on_a_thread_that_times_out_is_not_lost) {
  expect_wake_is_not_lost_on_timeout<typename TestFixture::semaphore_type>(*this);
}

TYPED_TEST(waking, a_wake_of_a_wide_semaphore_spent_on_a_thread_that_times_out_is_not_lost) {
  expect_wake_is_not_lost_on_timeout<typename TestFixture::wide_semaphore_type>(*this);
}

TYPED_TEST(waking, a_wake_spent_on_a_thread_that_is_stopped_is_not_lost) {
  expect_wake_is_not_lost_on_stop<typename TestFixture::semaphore_type>(*this);
}

TYPED_TEST(waking, a_wake_of_a_wide_semaphore_spent_on_a_thread_that_is_stopped_is_not_lost) {
  expect_wake_is_not_lost_on_stop<typename TestFixture::wide_semaphore_type>(*this);
}

}  // namespace
