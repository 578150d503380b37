// Law 6: an object may be destroyed, and its memory unmapped, as soon as the last wait has returned, even while the call that ended the
// wait still runs. An access that comes too late ends the process.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

#include "park/barrier.hpp"
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
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/mapped.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"
#include "support/vanishing.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class gone_after_the_publishing_write : public support::vanishing<Lot> {
 protected:
  using lot = support::observed_lot<Lot>;
  using semaphore_type = park::basic_counting_semaphore<1000, lot>;
  using wide_semaphore_type = park::basic_counting_semaphore<PTRDIFF_MAX, lot>;
  using bounded_semaphore_type = park::basic_bounded_semaphore<lot>;
  using latch_type = park::basic_latch<lot>;
  using countdown_latch_type = park::basic_countdown_latch<lot>;
  using cyclic_barrier_type = park::basic_cyclic_barrier<park::detail::no_completion, lot>;
  using acting_cyclic_barrier_type = park::basic_cyclic_barrier<std::function<void()>, lot>;
  using event_type = park::basic_event<lot>;
  using mutex_type = park::basic_mutex<lot>;
  using condition_variable_type = park::basic_condition_variable<lot>;
  using recursive_mutex_type = park::basic_recursive_mutex<lot>;
  using barrier_type = park::basic_barrier<park::detail::no_completion, lot>;
  using completing_barrier_type = park::basic_barrier<std::function<void()>, lot>;
};
TYPED_TEST_SUITE(gone_after_the_publishing_write, support::lots, support::by_name);

TYPED_TEST(gone_after_the_publishing_write, of_latch_count_down) {
  support::mapped<typename TestFixture::latch_type> latch(1);
  this->start(latch, [](auto& it) { it->wait(); });
  latch->count_down();
}

TYPED_TEST(gone_after_the_publishing_write, of_latch_arrive_and_wait) {
  support::mapped<typename TestFixture::latch_type> latch(1);
  this->start(latch, [](auto& it) { it->wait(); });
  latch->arrive_and_wait();
}

TYPED_TEST(gone_after_the_publishing_write, of_countdown_latch_count_down) {
  support::mapped<typename TestFixture::countdown_latch_type> latch(1);
  this->start(latch, [](auto& it) { it->wait(); });
  latch->count_down();
}

TYPED_TEST(gone_after_the_publishing_write, of_event_set) {
  support::mapped<typename TestFixture::event_type> event;
  this->start(event, [](auto& it) { it->wait(); });
  event->set();
}

TYPED_TEST(gone_after_the_publishing_write, of_semaphore_release) {
  support::mapped<typename TestFixture::semaphore_type> none(0);
  this->start(none, [](auto& it) { it->acquire(); });
  none->release();
}

TYPED_TEST(gone_after_the_publishing_write, of_semaphore_release_to_a_collector) {
  support::mapped<typename TestFixture::semaphore_type> none(0);
  this->start(none, [](auto& it) { it->acquire(2); });
  none->release(2);
}

TYPED_TEST(gone_after_the_publishing_write, of_wide_semaphore_release) {
  support::mapped<typename TestFixture::wide_semaphore_type> none(0);
  this->start(none, [](auto& it) { it->acquire(); });
  none->release();
}

TYPED_TEST(gone_after_the_publishing_write, of_wide_semaphore_release_to_a_collector) {
  support::mapped<typename TestFixture::wide_semaphore_type> none(0);
  this->start(none, [](auto& it) { it->acquire(2); });
  none->release(2);
}

TYPED_TEST(gone_after_the_publishing_write, of_bounded_semaphore_release) {
  support::mapped<typename TestFixture::bounded_semaphore_type> one(1);
  one->acquire();
  this->start(one, [](auto& it) { it->acquire(); });
  one->release();
}

TYPED_TEST(gone_after_the_publishing_write, of_mutex_unlock) {
  support::mapped<typename TestFixture::mutex_type> mutex;
  mutex->lock();
  this->start(mutex, [](auto& it) {
    it->lock();
    it->unlock();
  });
  this->after(1);  // the first compare-exchange expects that nobody sleeps, and fails
  mutex->unlock();
}

TYPED_TEST(gone_after_the_publishing_write, of_recursive_mutex_unlock) {
  support::mapped<typename TestFixture::recursive_mutex_type> mutex;
  mutex->lock();
  this->start(mutex, [](auto& it) {
    it->lock();
    it->unlock();
  });
  this->after(1);  // as above
  mutex->unlock();
}

TYPED_TEST(gone_after_the_publishing_write, of_condition_variable_notify_one) {
  support::mapped<typename TestFixture::condition_variable_type> changed;
  typename TestFixture::mutex_type mutex;
  this->start(changed, [&mutex](auto& it) {
    const std::lock_guard hold(mutex);
    it->wait(mutex);
  });
  this->after(3);  // the line of those who wait is locked, the waiter taken out of it, and the line unlocked
  changed->notify_one();
}

TYPED_TEST(gone_after_the_publishing_write, of_barrier_arrive) {
  support::mapped<typename TestFixture::barrier_type> two(2);
  this->start(two, [](auto& it) { it->arrive_and_wait(); });
  static_cast<void>(two->arrive());
}

TYPED_TEST(gone_after_the_publishing_write, of_barrier_arrive_and_wait) {
  support::mapped<typename TestFixture::barrier_type> two(2);
  this->start(two, [](auto& it) { it->arrive_and_wait(); });
  two->arrive_and_wait();
}

TYPED_TEST(gone_after_the_publishing_write, of_barrier_arrive_and_drop) {
  support::mapped<typename TestFixture::barrier_type> two(2);
  this->start(two, [](auto& it) { it->arrive_and_wait(); });
  this->after(1);  // the drop is a write of its own
  two->arrive_and_drop();
}

// The completion runs before the write that publishes, which is the next one after it.
TYPED_TEST(gone_after_the_publishing_write, of_barrier_arrive_with_a_completion) {
  support::mapped<typename TestFixture::completing_barrier_type> two(
      2, [this] { support::after_next_write = [this] { this->wake_and_wait(); }; });
  this->start(two, [](auto& it) { it->arrive_and_wait(); });
  support::after_next_write = nullptr;
  static_cast<void>(two->arrive());
}

TYPED_TEST(gone_after_the_publishing_write, of_barrier_arrive_and_wait_with_a_completion) {
  support::mapped<typename TestFixture::completing_barrier_type> two(
      2, [this] { support::after_next_write = [this] { this->wake_and_wait(); }; });
  this->start(two, [](auto& it) { it->arrive_and_wait(); });
  support::after_next_write = nullptr;
  two->arrive_and_wait();
}

TYPED_TEST(gone_after_the_publishing_write, of_cyclic_barrier_wait) {
  support::mapped<typename TestFixture::cyclic_barrier_type> two(2);
  this->start(two, [](auto& it) { it->wait(); });
  EXPECT_EQ(0, two->wait());
}

TYPED_TEST(gone_after_the_publishing_write, of_cyclic_barrier_wait_with_an_action) {
  support::mapped<typename TestFixture::acting_cyclic_barrier_type> two(
      2, [this] { support::after_next_write = [this] { this->wake_and_wait(); }; });
  this->start(two, [](auto& it) { it->wait(); });
  support::after_next_write = nullptr;
  EXPECT_EQ(0, two->wait());
}

TYPED_TEST(gone_after_the_publishing_write, of_cyclic_barrier_wait_whose_action_throws) {
  support::mapped<typename TestFixture::acting_cyclic_barrier_type> two(2, [this] {
    support::after_next_write = [this] { this->wake_and_wait(); };
    throw 1;
  });
  this->start(two, [](auto& it) { EXPECT_THROW(it->wait(), park::broken_barrier_error); });
  support::after_next_write = nullptr;
  EXPECT_THROW(two->wait(), int);
}

TYPED_TEST(gone_after_the_publishing_write, of_cyclic_barrier_abort) {
  support::mapped<typename TestFixture::cyclic_barrier_type> two(2);
  this->start(two, [](auto& it) { EXPECT_THROW(it->wait(), park::broken_barrier_error); });
  two->abort();
}

TYPED_TEST(gone_after_the_publishing_write, of_cyclic_barrier_reset) {
  support::mapped<typename TestFixture::cyclic_barrier_type> two(2);
  this->start(two, [](auto& it) { EXPECT_THROW(it->wait(), park::broken_barrier_error); });
  two->reset();
}

// The same without a script: many rounds, and chance.
template <class Lot>
class destroyed_after_wait : public support::destroyed_in_a_loop {
 protected:
  using semaphore_type = park::basic_counting_semaphore<1000, Lot>;
  using wide_semaphore_type = park::basic_counting_semaphore<PTRDIFF_MAX, Lot>;
  using latch_type = park::basic_latch<Lot>;
  using countdown_latch_type = park::basic_countdown_latch<Lot>;
  using barrier_type = park::basic_barrier<park::detail::no_completion, Lot>;

  // What one waits for, and what it waits with.
  struct condition {
    explicit condition(int) {}

    park::basic_mutex<Lot> mutex;
    park::basic_condition_variable<Lot> changed;
    bool said = false;  // guarded by mutex
  };
};
TYPED_TEST_SUITE(destroyed_after_wait, support::lots, support::by_name);

TYPED_TEST(destroyed_after_wait, latch) {
  this->template in_a_loop<typename TestFixture::latch_type>(
      1, [](auto& it) { it->wait(); }, [](auto& it) { it->count_down(); });
}

TYPED_TEST(destroyed_after_wait, latch_whose_last_arrival_waits) {
  this->template in_a_loop<typename TestFixture::latch_type>(
      2, [](auto& it) { it->arrive_and_wait(); }, [](auto& it) { it->count_down(); });
}

TYPED_TEST(destroyed_after_wait, countdown_latch) {
  this->template in_a_loop<typename TestFixture::countdown_latch_type>(
      1, [](auto& it) { it->wait(); }, [](auto& it) { it->count_down(); });
}

TYPED_TEST(destroyed_after_wait, semaphore) {
  this->template in_a_loop<typename TestFixture::semaphore_type>(
      0, [](auto& it) { it->acquire(); }, [](auto& it) { it->release(); });
}

TYPED_TEST(destroyed_after_wait, semaphore_of_a_collector) {
  this->template in_a_loop<typename TestFixture::semaphore_type>(
      1, [](auto& it) { it->acquire(3); }, [](auto& it) { it->release(2); });
}

TYPED_TEST(destroyed_after_wait, wide_semaphore) {
  this->template in_a_loop<typename TestFixture::wide_semaphore_type>(
      0, [](auto& it) { it->acquire(); }, [](auto& it) { it->release(); });
}

TYPED_TEST(destroyed_after_wait, wide_semaphore_of_a_collector) {
  this->template in_a_loop<typename TestFixture::wide_semaphore_type>(
      1, [](auto& it) { it->acquire(3); }, [](auto& it) { it->release(2); });
}

TYPED_TEST(destroyed_after_wait, barrier) {
  this->template in_a_loop<typename TestFixture::barrier_type>(
      2, [](auto& it) { it->arrive_and_wait(); }, [](auto& it) { static_cast<void>(it->arrive()); });
}

TYPED_TEST(destroyed_after_wait, condition_variable_and_its_mutex) {
  this->template in_a_loop<typename TestFixture::condition>(
      0,
      [](auto& it) {
        std::unique_lock hold(it->mutex);
        it->changed.wait(hold, [&] { return it->said; });
      },
      [](auto& it) {
        const std::lock_guard hold(it->mutex);
        it->said = true;
        it->changed.notify_all();
      });
}

TYPED_TEST(destroyed_after_wait, condition_variable_notified_without_the_mutex) {
  this->template in_a_loop<typename TestFixture::condition>(
      0,
      [](auto& it) {
        const std::lock_guard hold(it->mutex);
        it->said = true;
        it->changed.wait(it->mutex);
      },
      [](auto& it) {
        support::eventually([&] {
          const std::lock_guard hold(it->mutex);
          return it->said;
        });
        it->changed.notify_one();
      });
}

// Both ends of the wait race: the stop request must be done with the object when the wait returns.
TYPED_TEST(destroyed_after_wait, semaphore_whose_waiter_is_stopped) {
  const int rounds = support::scaled(400);
  for (int round = 0; round < rounds; ++round) {
    auto none = std::make_unique<support::mapped<typename TestFixture::semaphore_type>>(0);
    std::stop_source stop;
    support::crew requester(1, [&](int) { stop.request_stop(); });
    EXPECT_FALSE((*none)->acquire(stop.get_token()));
    none->vanish();
  }
}

}  // namespace
