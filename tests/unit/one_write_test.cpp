// Law 2: one read-modify-write for release, count_down and arrive, one compare-exchange for acquire.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

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
#include "support/limits.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

using support::trace_of;

template <class Lot>
class one_write : public support::observing<Lot> {
 protected:
  using lot = support::observed_lot<Lot>;
};
TYPED_TEST_SUITE(one_write, support::lots, support::by_name);

auto writes(const std::string& trace) {
  return trace.size() - static_cast<std::size_t>(std::count(trace.begin(), trace.end(), 'l'));
}

TYPED_TEST(one_write, of_a_latch) {
  park::basic_latch<typename TestFixture::lot> latch(3);
  EXPECT_EQ("x", trace_of([&] { latch.count_down(); }));
  EXPECT_EQ("x", trace_of([&] { latch.count_down(2); }));
  EXPECT_EQ("l", trace_of([&] { static_cast<void>(latch.try_wait()); }));
  EXPECT_EQ("l", trace_of([&] { latch.wait(); }));
  park::basic_latch<typename TestFixture::lot> last(1);
  EXPECT_EQ("x", trace_of([&] { last.arrive_and_wait(); }));
}

TYPED_TEST(one_write, of_a_countdown_latch) {
  park::basic_countdown_latch<typename TestFixture::lot> latch(2);
  EXPECT_EQ("l", trace_of([&] { static_cast<void>(latch.try_set_count(2)); }));
  EXPECT_EQ("lx", trace_of([&] { latch.count_down(); }));
  EXPECT_EQ("lx", trace_of([&] { latch.count_down(); }));
  EXPECT_EQ("l", trace_of([&] { latch.count_down(); }));
  EXPECT_EQ("l", trace_of([&] { static_cast<void>(latch.count()); }));
  EXPECT_EQ("l", trace_of([&] { latch.wait(); }));
  EXPECT_EQ("lx", trace_of([&] { static_cast<void>(latch.try_set_count(2)); }));
}

TYPED_TEST(one_write, of_an_event) {
  park::basic_event<typename TestFixture::lot> event;
  EXPECT_EQ("l", trace_of([&] { event.clear(); }));
  EXPECT_EQ("x", trace_of([&] { event.set(); }));
  EXPECT_EQ("x", trace_of([&] { event.set(); }));
  EXPECT_EQ("l", trace_of([&] { static_cast<void>(event.is_set()); }));
  EXPECT_EQ("l", trace_of([&] { event.wait(); }));
  EXPECT_EQ("lx", trace_of([&] { event.clear(); }));
}

TYPED_TEST(one_write, of_a_semaphore) {
  park::basic_counting_semaphore<1000, typename TestFixture::lot> semaphore(0);
  EXPECT_EQ("x", trace_of([&] { semaphore.release(); }));
  EXPECT_EQ("x", trace_of([&] { semaphore.release(7); }));
  EXPECT_EQ("", trace_of([&] { semaphore.release(0); }));
  EXPECT_EQ("lx", trace_of([&] { static_cast<void>(semaphore.try_acquire()); }));
  EXPECT_EQ("lx", trace_of([&] { semaphore.acquire(); }));
  EXPECT_EQ("lx", trace_of([&] { semaphore.acquire(6); }));
  EXPECT_EQ("l", trace_of([&] { static_cast<void>(semaphore.try_acquire()); }));
}

TYPED_TEST(one_write, of_a_wide_semaphore) {
  if (!support::some_are_wide) GTEST_SKIP() << "no semaphore is wide where std::ptrdiff_t has 32 bits";
  park::basic_counting_semaphore<PTRDIFF_MAX, typename TestFixture::lot> semaphore(0);
  EXPECT_EQ("lx", trace_of([&] { semaphore.release(); }));
  EXPECT_EQ("lx", trace_of([&] { semaphore.release(7); }));
  // The second look is at the door.
  EXPECT_EQ("llx", trace_of([&] { static_cast<void>(semaphore.try_acquire()); }));
  EXPECT_EQ("llx", trace_of([&] { semaphore.acquire(7); }));
  EXPECT_EQ("l", trace_of([&] { static_cast<void>(semaphore.try_acquire()); }));
}

TYPED_TEST(one_write, of_a_bounded_semaphore) {
  park::basic_bounded_semaphore<typename TestFixture::lot> semaphore(7);
  EXPECT_EQ("lx", trace_of([&] { semaphore.acquire(7); }));
  EXPECT_EQ("lx", trace_of([&] { semaphore.release(); }));
  EXPECT_EQ("lx", trace_of([&] { semaphore.release(6); }));
  EXPECT_EQ("l", trace_of([&] { EXPECT_THROW(semaphore.release(), park::over_release_error); }));
}

TYPED_TEST(one_write, of_a_mutex) {
  park::basic_mutex<typename TestFixture::lot> mutex;
  EXPECT_EQ("x", trace_of([&] { mutex.lock(); }));
  EXPECT_EQ("x", trace_of([&] { static_cast<void>(mutex.try_lock()); }));
  EXPECT_EQ("x", trace_of([&] { mutex.unlock(); }));
}

// The first compare-exchange expects that nobody sleeps, and writes nothing.
TYPED_TEST(one_write, of_a_mutex_where_others_sleep_after_one_that_failed) {
  park::basic_mutex<typename TestFixture::lot> mutex;
  mutex.lock();
  support::crew crew(1, [&](int) { mutex.lock(); });
  this->until_parked(1);
  EXPECT_EQ("xx", trace_of([&] { mutex.unlock(); }));
}

// A store each is the owner's name, on the same line, beside the one read-modify-write.
TYPED_TEST(one_write, of_a_recursive_mutex) {
  park::basic_recursive_mutex<typename TestFixture::lot> mutex;
  EXPECT_EQ("lxs", trace_of([&] { mutex.lock(); }));
  EXPECT_EQ("l", trace_of([&] { mutex.lock(); }));
  EXPECT_EQ("l", trace_of([&] { mutex.unlock(); }));
  EXPECT_EQ("lsx", trace_of([&] { mutex.unlock(); }));
}

TYPED_TEST(one_write, of_a_condition_variable_none_where_nobody_waits) {
  park::basic_condition_variable<typename TestFixture::lot> changed;
  EXPECT_EQ("l", trace_of([&] { changed.notify_one(); }));
  EXPECT_EQ("l", trace_of([&] { changed.notify(2); }));
  EXPECT_EQ("l", trace_of([&] { changed.notify_all(); }));
}

// The line of those who wait is locked, the first taken, counted off by a store, and the line unlocked; then it is
// told.
TYPED_TEST(one_write, of_a_condition_variable_four_where_one_sleeps) {
  park::basic_mutex<typename TestFixture::lot> mutex;
  park::basic_condition_variable<typename TestFixture::lot> changed;
  support::crew crew(1, [&](int) {
    const std::lock_guard hold(mutex);
    changed.wait(mutex);
  });
  this->until_parked(1);
  EXPECT_EQ("lxlxlsxlx", trace_of([&] { changed.notify_one(); }));
}

// Two, since a slot is taken before it is filled; between them a load of the word where those sleep that wait for it.
TYPED_TEST(one_write, of_a_bounded_queue) {
  park::basic_bounded_queue<int, typename TestFixture::lot> queue(2);
  EXPECT_EQ("llxlx", trace_of([&] { static_cast<void>(queue.push(1)); }));
  EXPECT_EQ("llxlx", trace_of([&] { static_cast<void>(queue.try_push(2)); }));
  EXPECT_EQ("ll", trace_of([&] { static_cast<void>(queue.try_push(3)); }));
  EXPECT_EQ("llxlx", trace_of([&] { static_cast<void>(queue.pop()); }));
  EXPECT_EQ("llxlx", trace_of([&] { static_cast<void>(queue.try_pop()); }));
  EXPECT_EQ("lll", trace_of([&] { static_cast<void>(queue.try_pop()); }));
}

TYPED_TEST(one_write, of_a_bounded_queue_and_one_more_where_others_sleep) {
  park::basic_bounded_queue<int, typename TestFixture::lot> queue(2);
  support::crew crew(1, [&](int) { EXPECT_TRUE(queue.pop()); });
  this->until_parked(1);
  EXPECT_EQ(3u, writes(trace_of([&] { static_cast<void>(queue.push(1)); })));
}

TYPED_TEST(one_write, of_a_barrier) {
  park::basic_barrier<park::detail::no_completion, typename TestFixture::lot> barrier(3);
  EXPECT_EQ(1u, writes(trace_of([&] { static_cast<void>(barrier.arrive()); })));
  EXPECT_EQ(1u, writes(trace_of([&] { static_cast<void>(barrier.arrive()); })));
  EXPECT_EQ(1u, writes(trace_of([&] { static_cast<void>(barrier.arrive()); })));  // the last, which turns the phase too
  const auto token = barrier.arrive(2);
  EXPECT_EQ(1u, writes(trace_of([&] { barrier.arrive_and_wait(); })));
  EXPECT_EQ("l", trace_of([&] { static_cast<void>(barrier.try_wait(token)); }));
}

TYPED_TEST(one_write, of_a_barrier_with_a_completion_and_one_more_where_it_runs) {
  const auto completion = [] {};
  park::basic_barrier<decltype(completion), typename TestFixture::lot> barrier(3, completion);
  EXPECT_EQ(1u, writes(trace_of([&] { static_cast<void>(barrier.arrive()); })));
  EXPECT_EQ(1u, writes(trace_of([&] { static_cast<void>(barrier.arrive()); })));
  EXPECT_EQ(2u, writes(trace_of([&] { static_cast<void>(barrier.arrive()); })));
}

TYPED_TEST(one_write, of_a_cyclic_barrier) {
  park::basic_cyclic_barrier<park::detail::no_completion, typename TestFixture::lot> barrier(2);
  support::crew crew(1, [&](int) { EXPECT_EQ(1, barrier.wait()); });
  this->until_parked(1);
  EXPECT_EQ("lx", trace_of([&] { EXPECT_EQ(0, barrier.wait()); }));
  EXPECT_EQ("l", trace_of([&] { barrier.reset(); }));
  EXPECT_EQ("lx", trace_of([&] { barrier.abort(); }));
  EXPECT_EQ("l", trace_of([&] { barrier.abort(); }));
  EXPECT_EQ("l", trace_of([&] { EXPECT_THROW(barrier.wait(), park::broken_barrier_error); }));
  EXPECT_EQ("lx", trace_of([&] { barrier.reset(); }));
}

TYPED_TEST(one_write, of_a_cyclic_barrier_and_one_more_where_the_action_runs) {
  const auto action = [] {};
  park::basic_cyclic_barrier<decltype(action), typename TestFixture::lot> barrier(1, action);
  EXPECT_EQ("lxlx", trace_of([&] { barrier.wait(); }));
}

// Where others sleep, the release side still writes once; the rest is the lot's.
TYPED_TEST(one_write, where_others_sleep) {
  park::basic_latch<typename TestFixture::lot> latch(1);
  park::basic_counting_semaphore<1000, typename TestFixture::lot> semaphore(0);
  park::basic_barrier<park::detail::no_completion, typename TestFixture::lot> barrier(2);
  park::basic_event<typename TestFixture::lot> event;
  support::crew crew;
  crew.add([&] { event.wait(); });
  crew.add([&] { latch.wait(); });
  crew.add([&] { semaphore.acquire(); });
  crew.add([&] { barrier.arrive_and_wait(); });
  this->until_parked(4);
  EXPECT_EQ(1u, writes(trace_of([&] { event.set(); })));
  EXPECT_EQ(1u, writes(trace_of([&] { latch.count_down(); })));
  EXPECT_EQ(1u, writes(trace_of([&] { semaphore.release(); })));
  EXPECT_EQ(1u, writes(trace_of([&] { static_cast<void>(barrier.arrive()); })));
}

}  // namespace
