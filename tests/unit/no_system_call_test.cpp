// Law 1: no waiter, no system call. A million operations in a child that the kernel kills at its first system call.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <thread>

#include "park/barrier.hpp"
#include "park/bounded_queue.hpp"
#include "park/bounded_semaphore.hpp"
#include "park/condition_variable.hpp"
#include "park/countdown_latch.hpp"
#include "park/cyclic_barrier.hpp"
#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/system_calls.hpp"

namespace {

constexpr int million = 1'000'000;

template <class Lot>
class no_waiter_no_system_call : public testing::Test {
 protected:
  void SetUp() override {
    if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
    if (!support::atomics_make_no_system_calls())
      GTEST_SKIP() << "this sanitizer makes system calls of its own for work on atomics";
  }

  template <class Operation>
  static void expect_none(Operation operation) {
    const support::ended child = support::without_system_calls([&] {
      for (int round = 0; round < million; ++round) operation();
    });
    EXPECT_EQ(0, child.signal) << (child.signal == SIGSYS ? "a system call was made" : "");
    EXPECT_EQ(0, child.exit_code) << child.output;
  }

  template <class Semaphore>
  static void expect_none_of_a_semaphore() {
    Semaphore one(1), none(0);
    expect_none([&] {
      one.acquire();
      one.release();
    });
    expect_none([&] { static_cast<void>(none.try_acquire()); });
    expect_none([&] {
      none.release(5);
      static_cast<void>(none.try_acquire(6));
      none.acquire(3);
      none.acquire(2);
    });
  }
};
TYPED_TEST_SUITE(no_waiter_no_system_call, support::lots, support::by_name);

// The check can fail: one yield is a system call.
TEST(no_waiter_no_system_call, the_filter_kills) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  EXPECT_EQ(SIGSYS, support::without_system_calls([] { std::this_thread::yield(); }).signal);
}

TYPED_TEST(no_waiter_no_system_call, of_a_semaphore) {
  this->template expect_none_of_a_semaphore<park::basic_counting_semaphore<1000, TypeParam>>();
}

TYPED_TEST(no_waiter_no_system_call, of_a_wide_semaphore) {
  this->template expect_none_of_a_semaphore<park::basic_counting_semaphore<PTRDIFF_MAX, TypeParam>>();
}

TYPED_TEST(no_waiter_no_system_call, of_a_binary_semaphore) {
  park::basic_counting_semaphore<1, TypeParam> free(1);
  this->expect_none([&] {
    free.acquire();
    free.release();
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_bounded_semaphore) {
  park::basic_bounded_semaphore<TypeParam> free;
  this->expect_none([&] {
    free.acquire();
    free.release();
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_latch) {
  this->expect_none([] {
    park::basic_latch<TypeParam> three(3);
    three.count_down();
    static_cast<void>(three.try_wait());
    three.count_down();
    three.arrive_and_wait();
    three.wait();
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_barrier) {
  park::basic_barrier<park::detail::no_completion, TypeParam> three(3);
  this->expect_none([&] {
    const auto token = three.arrive(2);
    static_cast<void>(three.try_wait(token));
    three.arrive_and_wait();
    three.wait(three.arrive(3));
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_barrier_with_a_completion) {
  int runs = 0;
  const auto completion = [&runs] { ++runs; };
  park::basic_barrier<decltype(completion), TypeParam> one(1, completion);
  this->expect_none([&] { one.arrive_and_wait(); });
}

TYPED_TEST(no_waiter_no_system_call, of_barriers_that_everyone_drops_out_of) {
  this->expect_none([] {
    park::basic_barrier<park::detail::no_completion, TypeParam> two(2);
    two.arrive_and_drop();
    two.arrive_and_drop();
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_countdown_latch) {
  park::basic_countdown_latch<TypeParam> latch(2);
  this->expect_none([&] {
    latch.count_down();
    latch.count_down();
    latch.count_down();
    latch.wait();
    static_cast<void>(latch.try_set_count(2));
    static_cast<void>(latch.try_set_count(2));
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_cyclic_barrier) {
  park::basic_cyclic_barrier<park::detail::no_completion, TypeParam> one(1);
  this->expect_none([&] {
    one.wait();
    one.abort();
    one.reset();
    one.reset();
    static_cast<void>(one.n_waiting() == 0 && one.broken());
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_cyclic_barrier_with_an_action) {
  int runs = 0;
  const auto action = [&runs] { ++runs; };
  park::basic_cyclic_barrier<decltype(action), TypeParam> one(1, action);
  this->expect_none([&] { one.wait(); });
}

TYPED_TEST(no_waiter_no_system_call, of_an_event) {
  park::basic_event<TypeParam> ready;
  this->expect_none([&] {
    ready.set();
    ready.set();
    static_cast<void>(ready.is_set());
    ready.wait();
    ready.clear();
    ready.clear();
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_condition_variable) {
  park::basic_condition_variable<TypeParam> changed;
  this->expect_none([&] {
    changed.notify_one();
    changed.notify_all();
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_mutex) {
  park::basic_mutex<TypeParam> free, taken;
  taken.lock();
  this->expect_none([&] {
    free.lock();
    free.unlock();
    static_cast<void>(taken.try_lock());
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_recursive_mutex) {
  park::basic_recursive_mutex<TypeParam> free;
  this->expect_none([&] {
    free.lock();
    static_cast<void>(free.try_lock());
    free.unlock();
    free.unlock();
  });
}

TYPED_TEST(no_waiter_no_system_call, of_a_bounded_queue) {
  park::basic_bounded_queue<int, TypeParam> queue(3);
  this->expect_none([&] {
    static_cast<void>(queue.push(1));
    static_cast<void>(queue.try_push(2));
    static_cast<void>(queue.pop());
    static_cast<void>(queue.try_pop());
    static_cast<void>(queue.try_pop());
  });
}

// The portable lot need not make a system call to look for sleepers; that it is not even asked, the lot tells.
template <class Lot>
class no_waiter_no_call_of_the_lot : public support::observing<Lot> {
 protected:
  using lot = support::observed_lot<Lot>;

  template <class Operation>
  void expect_none(Operation operation) {
    const int parks = this->seen.parks, unparks = this->seen.unparks;
    for (int round = 0; round < 1000; ++round) operation();
    EXPECT_EQ(parks, this->seen.parks);
    EXPECT_EQ(unparks, this->seen.unparks);
  }

  template <class Semaphore>
  void expect_none_after_a_wait() {
    Semaphore semaphore(0);
    {
      support::crew crew(1, [&](int) { semaphore.acquire(); });
      this->until_parked(1);
      semaphore.release();
    }
    semaphore.release();  // a wide semaphore may look for sleepers once more
    expect_none([&] {
      semaphore.acquire();
      semaphore.release();
    });
    expect_none([&] {
      semaphore.release(3);
      EXPECT_FALSE(semaphore.try_acquire(5));
      semaphore.acquire(3);
    });
  }
};
TYPED_TEST_SUITE(no_waiter_no_call_of_the_lot, support::lots, support::by_name);

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_semaphore_once_its_waiters_are_gone) {
  this->template expect_none_after_a_wait<park::basic_counting_semaphore<1000, typename TestFixture::lot>>();
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_bounded_semaphore_once_its_waiters_are_gone) {
  park::basic_bounded_semaphore<typename TestFixture::lot> one;
  one.acquire();
  {
    support::crew crew(1, [&](int) { one.acquire(); });
    this->until_parked(1);
    one.release();
  }
  one.release();
  this->expect_none([&] {
    one.acquire();
    one.release();
  });
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_wide_semaphore_once_its_waiters_are_gone) {
  this->template expect_none_after_a_wait<park::basic_counting_semaphore<PTRDIFF_MAX, typename TestFixture::lot>>();
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_mutex_once_its_waiters_are_gone) {
  park::basic_mutex<typename TestFixture::lot> mutex;
  mutex.lock();
  {
    support::crew crew(1, [&](int) {
      mutex.lock();
      mutex.unlock();
    });
    this->until_parked(1);
    mutex.unlock();
  }
  this->expect_none([&] {
    mutex.lock();
    mutex.unlock();
  });
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_latch) {
  this->expect_none([] {
    park::basic_latch<typename TestFixture::lot> two(2);
    two.count_down();
    two.arrive_and_wait();
  });
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_barrier_once_its_waiters_are_gone) {
  park::basic_barrier<park::detail::no_completion, typename TestFixture::lot> two(2);
  {
    support::crew crew(1, [&](int) { two.arrive_and_wait(); });
    this->until_parked(1);
    two.arrive_and_wait();
  }
  this->expect_none([&] { two.wait(two.arrive(2)); });
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_cyclic_barrier_once_its_waiters_are_gone) {
  park::basic_cyclic_barrier<park::detail::no_completion, typename TestFixture::lot> two(2);
  const auto wait = [&two](int) { static_cast<void>(two.wait()); };
  {
    support::crew crew(1, wait);
    this->until_parked(1);
    two.wait();
  }
  this->expect_none([&] {
    two.abort();
    EXPECT_THROW(two.wait(), park::broken_barrier_error);
    two.reset();
    two.reset();
  });
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_countdown_latch_once_its_waiters_are_gone) {
  park::basic_countdown_latch<typename TestFixture::lot> latch;
  {
    support::crew crew(1, [&](int) { latch.wait(); });
    this->until_parked(1);
    latch.count_down();
  }
  this->expect_none([&] {
    EXPECT_TRUE(latch.try_set_count(1));
    latch.count_down();
    latch.wait();
  });
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_an_event_once_its_waiters_are_gone) {
  park::basic_event<typename TestFixture::lot> ready;
  {
    support::crew crew(1, [&](int) { ready.wait(); });
    this->until_parked(1);
    ready.set();
  }
  this->expect_none([&] {
    ready.set();
    ready.wait();
    ready.clear();
  });
}

TYPED_TEST(no_waiter_no_call_of_the_lot, of_a_condition_variable_once_its_waiters_are_gone) {
  park::basic_mutex<typename TestFixture::lot> mutex;
  park::basic_condition_variable<typename TestFixture::lot> changed;
  {
    support::crew crew(1, [&](int) {
      const std::lock_guard hold(mutex);
      changed.wait(mutex);
    });
    this->until_parked(1);
    changed.notify_one();
  }
  this->expect_none([&] {
    changed.notify_one();
    changed.notify_all();
    const std::lock_guard hold(mutex);
    EXPECT_EQ(std::cv_status::timeout, changed.wait_for(mutex, std::chrono::seconds(0)));
    changed.notify_one();
  });
}

}  // namespace
