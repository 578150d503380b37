// task_done() and wait_done() of a bounded_queue. Timed and stoppable waits: timeout_test, stop_test, which have every kind of wait.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "park/bounded_queue.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/mapped.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"
#include "support/vanishing.hpp"

namespace {

using namespace std::chrono_literals;

struct with_a_move_that_might_throw {
  with_a_move_that_might_throw(int number) : value(number) {}
  with_a_move_that_might_throw(with_a_move_that_might_throw&& other) noexcept(false) : value(other.value) {}
  int value;
};

template <class Lot>
struct plain {
  using lot = Lot;
  using queue = park::basic_bounded_queue<int, Lot>;
  static int value(int item) { return item; }
  static std::string name() { return Lot::name; }
};
template <class Lot>
struct locking {
  using lot = Lot;
  using queue = park::basic_bounded_queue<with_a_move_that_might_throw, Lot>;
  static int value(const with_a_move_that_might_throw& item) { return item.value; }
  static std::string name() { return std::string(Lot::name) + "_locking"; }
};

template <class Kind>
class bounded_queue_done : public testing::Test {
 protected:
  using queue_type = typename Kind::queue;

  static bool all_done(const queue_type& queue) { return queue.wait_done_for(0s); }
};
using done_kinds = support::over_lots<plain, locking>;
TYPED_TEST_SUITE(bounded_queue_done, done_kinds, support::by_name);

TYPED_TEST(bounded_queue_done, of_no_item_is_not_waited_for) {
  const typename TestFixture::queue_type queue(2);
  queue.wait_done();
  EXPECT_TRUE(queue.wait_done_for(0s));
  EXPECT_TRUE(queue.wait_done_until(std::chrono::steady_clock::time_point::min()));
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_TRUE(queue.wait_done(stopped.get_token()));
  EXPECT_TRUE(queue.wait_done_for(stopped.get_token(), 0s));
  EXPECT_TRUE(queue.wait_done_until(stopped.get_token(), std::chrono::system_clock::time_point()));
}

// Of whatever capacity, on every lap, one by one and many at a time.
TYPED_TEST(bounded_queue_done, is_what_is_neither_in_the_queue_nor_in_work) {
  for (const std::size_t capacity : {1U, 2U, 3U, 5U, 8U, 13U}) {
    typename TestFixture::queue_type queue(capacity);
    for (int lap = 0; lap < 20; ++lap) {
      for (std::size_t each = 0; each < capacity; ++each) {
        EXPECT_TRUE(queue.emplace(1));
        EXPECT_FALSE(TestFixture::all_done(queue));
      }
      for (std::size_t each = 0; each < capacity; ++each) EXPECT_TRUE(queue.pop());
      EXPECT_FALSE(TestFixture::all_done(queue));
      const auto some = static_cast<std::size_t>(lap) % (capacity + 1);
      queue.task_done(some);
      EXPECT_EQ(some == capacity, TestFixture::all_done(queue));
      for (std::size_t each = some; each < capacity; ++each) {
        EXPECT_FALSE(TestFixture::all_done(queue));
        queue.task_done();
      }
      EXPECT_TRUE(TestFixture::all_done(queue));
    }
  }
}

TYPED_TEST(bounded_queue_done, more_often_than_there_were_items_throws_and_changes_nothing) {
  typename TestFixture::queue_type queue(3);
  EXPECT_THROW(queue.task_done(), park::task_done_error);
  queue.task_done(0);
  EXPECT_TRUE(queue.emplace(1));
  EXPECT_TRUE(queue.emplace(2));
  for (const std::size_t items : {std::size_t{3}, std::size_t{1} << 20, SIZE_MAX / 2, SIZE_MAX}) {
    EXPECT_THROW(queue.task_done(items), park::task_done_error);
    EXPECT_FALSE(TestFixture::all_done(queue));
  }
  queue.close();
  queue.task_done(2);
  EXPECT_TRUE(TestFixture::all_done(queue));
  EXPECT_THROW(queue.task_done(), std::logic_error);
  EXPECT_TRUE(TestFixture::all_done(queue));
}

TYPED_TEST(bounded_queue_done, counts_as_python_does_before_the_item_is_popped_too) {
  typename TestFixture::queue_type queue(2);
  EXPECT_TRUE(queue.emplace(1));
  queue.task_done();
  queue.wait_done();
  EXPECT_TRUE(queue.pop());
}

TYPED_TEST(bounded_queue_done, is_waited_for_when_the_queue_is_closed_too) {
  typename TestFixture::queue_type queue(2);
  EXPECT_TRUE(queue.emplace(1));
  queue.close();
  EXPECT_FALSE(TestFixture::all_done(queue));
  support::crew crew(1, [&](int) {
    EXPECT_TRUE(queue.pop());
    queue.task_done();
  });
  queue.wait_done();
}

TYPED_TEST(bounded_queue_done, ends_the_wait_of_all) {
  typename TestFixture::queue_type queue(2);
  EXPECT_TRUE(queue.emplace(1));
  EXPECT_TRUE(queue.emplace(1));
  std::atomic<int> ended{0};
  support::crew crew(4, [&](int) {
    queue.wait_done();
    ++ended;
  });
  queue.task_done();
  EXPECT_EQ(0, ended);
  queue.task_done();
  crew.join();
  EXPECT_EQ(4, ended);
}

// What workers do is not atomic: ThreadSanitizer tells if task_done() does not synchronize with the wait.
TYPED_TEST(bounded_queue_done, each_task_done_synchronizes_with_the_wait_that_it_ends) {
  constexpr int workers = 3, batch = 10;
  const int rounds = support::scaled(500);
  typename TestFixture::queue_type queue(4);
  std::vector<int> results(batch);
  support::crew crew(workers, [&](int) {
    while (const auto item = queue.pop()) {
      ++results[static_cast<std::size_t>(TypeParam::value(*item))];
      queue.task_done();
    }
  });
  for (int round = 1; round <= rounds; ++round) {
    for (int item = 0; item < batch; ++item) EXPECT_TRUE(queue.emplace(item));
    queue.wait_done();
    for (const int result : results) EXPECT_EQ(round, result);
  }
  queue.close();
}

// What it costs: a compare-exchange, and a call of the lot only where somebody sleeps.
template <class Lot>
class bounded_queue_done_observed : public support::observing<Lot> {};
TYPED_TEST_SUITE(bounded_queue_done_observed, support::lots, support::by_name);

TYPED_TEST(bounded_queue_done_observed, is_one_write_and_a_wait_that_need_not_wait_none) {
  park::basic_bounded_queue<int, typename TestFixture::lot> queue(4);
  for (int item = 0; item < 3; ++item) EXPECT_TRUE(queue.push(item));
  for (int item = 0; item < 3; ++item) EXPECT_TRUE(queue.pop());
  EXPECT_EQ("llx", support::trace_of([&] { queue.task_done(); }));
  EXPECT_EQ("llx", support::trace_of([&] { queue.task_done(); }));
  EXPECT_EQ("lllx", support::trace_of([&] { queue.task_done(); }));
  EXPECT_EQ("ll", support::trace_of([&] { queue.wait_done(); }));
  EXPECT_EQ(0, this->seen.unparks);
  EXPECT_EQ(0, this->seen.parks);
}

TYPED_TEST(bounded_queue_done_observed, wakes_all_who_wait_by_one_call_with_the_last_item) {
  park::basic_bounded_queue<int, typename TestFixture::lot> queue(4);
  for (int item = 0; item < 3; ++item) EXPECT_TRUE(queue.push(item));
  support::crew crew(3, [&](int) { queue.wait_done(); });
  this->until_parked(3);
  queue.task_done(2);
  EXPECT_EQ(0, this->seen.unparks);
  queue.task_done();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
  EXPECT_TRUE(queue.push(4));
  queue.task_done();
  EXPECT_EQ(1, this->seen.unparks) << "whoever waited has gone";
}

// An item that comes when the last before it is done with has the wait go on.
TYPED_TEST(bounded_queue_done_observed, of_an_item_that_is_pushed_late_is_waited_for_too) {
  park::basic_bounded_queue<int, typename TestFixture::lot> queue(4);
  EXPECT_TRUE(queue.push(1));
  std::atomic<bool> over{false};
  support::crew crew(1, [&](int) {
    queue.wait_done();
    over = true;
  });
  this->until_parked(1);
  this->seen.before_unpark = [&] { EXPECT_TRUE(queue.push(2)); };
  queue.task_done();
  this->seen.before_unpark = nullptr;
  support::eventually([&] { return this->seen.parks >= 2; });
  EXPECT_FALSE(over);
  queue.task_done();
}

// Law 6: whoever has waited may destroy the queue, even while the last task_done() still runs.
template <class Lot>
class bounded_queue_gone_after_task_done : public support::vanishing<Lot> {};
TYPED_TEST_SUITE(bounded_queue_gone_after_task_done, support::lots, support::by_name);

TYPED_TEST(bounded_queue_gone_after_task_done, of_the_last_item) {
  support::mapped<park::basic_bounded_queue<int, support::observed_lot<TypeParam>>> queue(1u);
  EXPECT_TRUE(queue->push(1));
  EXPECT_TRUE(queue->pop());
  this->start(queue, [](auto& it) { it->wait_done(); });
  queue->task_done();
}

}  // namespace
