// park::bounded_queue: who sleeps and who is woken, seen from the lot; and what becomes of those behind a push() or pop() that is
// stopped in the middle.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "park/bounded_queue.hpp"
#include "support/asleep.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"

namespace {

using namespace std::chrono_literals;

// An item whose move takes as long as the test wants.
struct slow {
  explicit slow(int number) noexcept : value(number) {}
  slow(slow&& other) noexcept : value(other.value) {
    if (value == held) {
      ++arrived;
      support::eventually([this] { return held != value; });
    }
  }

  static inline std::atomic<int> held{0}, arrived{0};

  int value;
};

template <class Lot>
class bounded_queue_waking : public support::observing<Lot> {
 protected:
  using type = park::basic_bounded_queue<slow, support::observed_lot<Lot>>;

  // Pops until the end, and counts.
  void pop_all(type& from) {
    while (from.pop()) ++popped;
  }
  void until_popped(int items) {
    support::eventually([&] { return popped >= items; });
  }

  // Returns once a thread of the crew is in the middle of pushing (or popping) the item `number`.
  template <class Begin>
  static void stop_in_the_middle(support::crew& crew, int number, Begin begin) {
    slow::arrived = 0;
    slow::held = number;
    crew.add(begin);
    support::eventually([] { return slow::arrived == 1; });
  }
  static void let_go() { slow::held = 0; }

  // Starts a thread of the crew whose sleep until_asleep() sees.
  template <class Body>
  void add_sleeper(support::crew& crew, Body body) {
    crew.add([this, body] {
      {
        const std::lock_guard hold(sleepers_access_);
        sleepers_.push_back(support::this_thread());
      }
      body();
    });
  }

  // Returns once so many of those, which are all, sleep: a wake passes by who is only on the way to it, and then no other sleep need follow.
  void until_asleep(int threads) {
    this->until_parked(threads);
    support::eventually([this] {
      const std::lock_guard hold(sleepers_access_);
      return std::all_of(sleepers_.begin(), sleepers_.end(), support::asleep);
    });
  }

  std::atomic<int> popped{0};

 private:
  std::mutex sleepers_access_;
  std::vector<support::thread_id> sleepers_;  // guarded by sleepers_access_
};
TYPED_TEST_SUITE(bounded_queue_waking, support::lots, support::by_name);

TYPED_TEST(bounded_queue_waking, one_item_wakes_one) {
  typename TestFixture::type queue(4);
  support::crew crew(3, [&](int) { this->pop_all(queue); });
  this->until_parked(3);
  EXPECT_TRUE(queue.emplace(1));
  EXPECT_EQ(1, this->seen.wakes);
  this->until_popped(1);
  this->until_parked(3);
  EXPECT_EQ(1, this->seen.wakes);
  queue.close();
}

TYPED_TEST(bounded_queue_waking, one_free_slot_wakes_one) {
  typename TestFixture::type queue(1);
  EXPECT_TRUE(queue.emplace(1));
  support::crew crew(3, [&](int) { static_cast<void>(queue.emplace(2)); });
  this->until_parked(3);
  EXPECT_TRUE(queue.pop());
  EXPECT_EQ(1, this->seen.wakes);
  this->until_parked(2);
  support::eventually([&] { return queue.size() == 1; });
  queue.close();
  crew.join();
  EXPECT_EQ(1u, queue.size());
}

TYPED_TEST(bounded_queue_waking, as_many_items_in_a_row_wake_as_many) {
  constexpr int threads = 4;
  typename TestFixture::type queue(threads);
  // Nobody who has been woken comes out before all items are in.
  std::atomic<bool> holding{true};
  this->seen.after_park = [&] { support::eventually([&] { return !holding; }); };
  support::crew crew(threads, [&](int) { EXPECT_TRUE(queue.pop()); });
  this->until_parked(threads);
  {
    support::crew producers(2, [&](int) {
      for (int each = 0; each < threads / 2; ++each) EXPECT_TRUE(queue.emplace(1));
    });
  }
  EXPECT_EQ(threads, this->seen.wakes);
  holding = false;
  crew.join();
  EXPECT_EQ(threads, this->seen.wakes);
}

TYPED_TEST(bounded_queue_waking, more_items_than_sleepers_cost_no_more_wakes) {
  typename TestFixture::type queue(4);
  std::atomic<bool> holding{true};
  this->seen.after_park = [&] { support::eventually([&] { return !holding; }); };
  support::crew crew(1, [&](int) { this->pop_all(queue); });
  this->until_parked(1);
  for (int each = 0; each < 4; ++each) EXPECT_TRUE(queue.emplace(1));
  EXPECT_EQ(1, this->seen.unparks);
  holding = false;
  this->until_popped(4);
  queue.close();
}

TYPED_TEST(bounded_queue_waking, close_wakes_each_sleeper_once) {
  typename TestFixture::type queue(1);
  support::crew crew(3, [&](int) { this->pop_all(queue); });
  this->until_parked(3);
  queue.close();
  queue.close();
  crew.join();
  EXPECT_EQ(3, this->seen.wakes);
  EXPECT_EQ(1, this->seen.unparks);
}

// A wake that came to one who has no time left goes to another.
TYPED_TEST(bounded_queue_waking, who_gives_up_when_woken_takes_the_item_or_leaves_it_to_another) {
  for (int round = 0; round < 200; ++round) {
    typename TestFixture::type queue(1);
    this->popped = 0;
    std::stop_source source;
    support::crew crew;
    crew.add([&] { this->pop_all(queue); });
    for (int each = 0; each < 2; ++each) {
      crew.add([&] {
        if (queue.pop_for(source.get_token(), std::chrono::microseconds(round))) ++this->popped;
      });
    }
    crew.add([&] { source.request_stop(); });
    EXPECT_TRUE(queue.emplace(1));
    this->until_popped(1);
    queue.close();
  }
}

TYPED_TEST(bounded_queue_waking, items_that_came_behind_one_that_is_late_are_all_popped_when_it_comes) {
  typename TestFixture::type queue(8);
  support::crew producers, crew;
  this->stop_in_the_middle(producers, 1, [&] { EXPECT_TRUE(queue.push(slow(1))); });
  // Those that sleep before the others come, and those that sleep after.
  for (int each = 0; each < 2; ++each) this->add_sleeper(crew, [&] { EXPECT_TRUE(queue.pop()); });
  this->until_asleep(2);
  for (int each = 0; each < 3; ++each) EXPECT_TRUE(queue.emplace(2));
  EXPECT_FALSE(queue.try_pop()) << "what is not at the front is out of reach";
  EXPECT_EQ(4u, queue.size());
  support::eventually([&] { return this->seen.parks >= 3; });  // the one woken in vain: the other sleeps at the slot
  for (int each = 0; each < 2; ++each) crew.add([&] { EXPECT_TRUE(queue.pop()); });
  this->until_parked(4);
  this->let_go();
  crew.join();
  EXPECT_EQ(0u, queue.size());
}

TYPED_TEST(bounded_queue_waking, an_item_that_is_late_wakes_one) {
  typename TestFixture::type queue(4);
  support::crew producers, crew;
  this->stop_in_the_middle(producers, 1, [&] { EXPECT_TRUE(queue.push(slow(1))); });
  for (int each = 0; each < 3; ++each) this->add_sleeper(crew, [&] { this->pop_all(queue); });
  this->until_asleep(3);
  this->let_go();
  producers.join();
  EXPECT_EQ(1, this->seen.unparks);
  this->until_popped(1);
  this->until_parked(3);
  EXPECT_EQ(1, this->seen.unparks);
  EXPECT_EQ(4, this->seen.parks);
  queue.close();
}

TYPED_TEST(bounded_queue_waking, who_no_longer_waits_for_an_item_that_is_late_leaves_that_to_another) {
  typename TestFixture::type queue(4);
  support::crew producers, crew;
  std::stop_source source;
  this->stop_in_the_middle(producers, 1, [&] { EXPECT_TRUE(queue.push(slow(1))); });
  crew.add([&] { EXPECT_FALSE(queue.pop(source.get_token())); });
  this->until_parked(1);
  crew.add([&] { EXPECT_TRUE(queue.pop()); });
  this->until_parked(2);
  source.request_stop();
  support::eventually([&] { return this->seen.parked == 1 && this->seen.parks == 3; });
  EXPECT_FALSE(queue.pop_for(1us));
  this->let_go();
  crew.join();
  EXPECT_EQ(0u, queue.size());
}

TYPED_TEST(bounded_queue_waking, who_no_longer_waits_for_a_slot_that_is_late_leaves_that_to_another) {
  typename TestFixture::type queue(1);
  support::crew consumers, crew;
  std::stop_source source;
  EXPECT_TRUE(queue.emplace(1));
  this->stop_in_the_middle(consumers, 1, [&] { EXPECT_TRUE(queue.pop()); });
  crew.add([&] { EXPECT_FALSE(queue.push(slow(2), source.get_token())); });
  this->until_parked(1);
  crew.add([&] { EXPECT_TRUE(queue.emplace(3)); });
  this->until_parked(2);
  source.request_stop();
  support::eventually([&] { return this->seen.parked == 1 && this->seen.parks == 3; });
  EXPECT_FALSE(queue.push_for(slow(4), 1us));
  this->let_go();
  crew.join();
  EXPECT_EQ(1u, queue.size());
}

TYPED_TEST(bounded_queue_waking, who_waits_for_a_slot_that_is_late_no_longer_than_it_may_leaves_it_to_another) {
  typename TestFixture::type queue(1);
  support::crew consumers, crew;
  EXPECT_TRUE(queue.emplace(1));
  this->stop_in_the_middle(consumers, 1, [&] { EXPECT_TRUE(queue.pop()); });
  while (this->seen.parks < 1)
    EXPECT_FALSE(queue.push_for(slow(2), 10ms));  // again where its time is over before it sleeps
  this->add_sleeper(crew, [&] { EXPECT_TRUE(queue.emplace(3)); });
  this->until_asleep(1);
  this->let_go();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
  EXPECT_EQ(3, queue.pop()->value);
}

TYPED_TEST(bounded_queue_waking, who_waits_for_an_item_that_is_late_no_longer_than_it_may_leaves_it_to_another) {
  typename TestFixture::type queue(1);
  support::crew producers, crew;
  this->stop_in_the_middle(producers, 1, [&] { EXPECT_TRUE(queue.push(slow(1))); });
  while (this->seen.parks < 1) EXPECT_FALSE(queue.pop_for(10ms));
  this->add_sleeper(crew, [&] { EXPECT_TRUE(queue.pop()); });
  this->until_asleep(1);
  this->let_go();
  crew.join();
  EXPECT_EQ(1, this->seen.unparks);
}

TYPED_TEST(bounded_queue_waking,
           the_end_reaches_who_waits_for_a_slot_that_is_late_with_that_slot_and_all_others_at_once) {
  typename TestFixture::type queue(1);
  support::crew consumers, first, second;
  EXPECT_TRUE(queue.emplace(1));
  this->stop_in_the_middle(consumers, 1, [&] { EXPECT_TRUE(queue.pop()); });
  this->add_sleeper(first, [&] { EXPECT_FALSE(queue.emplace(2)); });
  this->until_asleep(1);
  second.add([&] { EXPECT_FALSE(queue.emplace(3)); });
  this->until_parked(2);
  queue.close();
  second.join();
  EXPECT_EQ(1, this->seen.parked);
  this->let_go();
  first.join();
  consumers.join();
  EXPECT_EQ(0u, queue.size());
}

TYPED_TEST(bounded_queue_waking, slots_that_came_free_behind_one_that_is_late_are_all_filled_when_it_comes) {
  typename TestFixture::type queue(4);
  support::crew consumers, crew;
  for (int number = 1; number <= 4; ++number) EXPECT_TRUE(queue.emplace(number));
  this->stop_in_the_middle(consumers, 1, [&] { EXPECT_EQ(1, queue.pop()->value); });
  for (int each = 0; each < 2; ++each) this->add_sleeper(crew, [&] { EXPECT_TRUE(queue.emplace(5)); });
  this->until_asleep(2);
  for (int number = 2; number <= 4; ++number) EXPECT_EQ(number, queue.pop()->value);
  EXPECT_FALSE(queue.try_emplace(5)) << "the slot whose turn it is is not free";
  support::eventually([&] { return this->seen.parks >= 3; });
  for (int each = 0; each < 2; ++each) crew.add([&] { EXPECT_TRUE(queue.emplace(5)); });
  this->until_parked(4);
  this->let_go();
  crew.join();
  EXPECT_EQ(4u, queue.size());
}

TYPED_TEST(bounded_queue_waking, an_item_that_is_late_for_the_end_is_popped_and_then_it_is_the_end_for_all) {
  typename TestFixture::type queue(8);
  support::crew producers, crew;
  this->stop_in_the_middle(producers, 1, [&] { EXPECT_TRUE(queue.push(slow(1))); });
  EXPECT_TRUE(queue.emplace(2));
  for (int each = 0; each < 2; ++each) this->add_sleeper(crew, [&] { this->pop_all(queue); });
  this->until_asleep(2);
  queue.close();
  for (int each = 0; each < 2; ++each) crew.add([&] { this->pop_all(queue); });
  support::eventually([&] { return this->seen.parks >= 5; });
  EXPECT_FALSE(queue.try_pop());
  EXPECT_FALSE(queue.pop_for(1us));
  this->let_go();
  crew.join();
  EXPECT_EQ(2, this->popped);
}

}  // namespace
