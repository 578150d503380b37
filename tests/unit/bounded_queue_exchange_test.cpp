// park::bounded_queue: what goes through it from thread to thread, none lost, none twice, each as its producer left it.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "park/bounded_queue.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class bounded_queue_exchange : public testing::Test {
 protected:
  template <class T>
  using of = park::basic_bounded_queue<T, Lot>;
};
TYPED_TEST_SUITE(bounded_queue_exchange, support::lots, support::by_name);

// What crosses from thread to thread in the next two is not atomic: ThreadSanitizer tells if a call does not synchronize.

TYPED_TEST(bounded_queue_exchange,
           each_push_synchronizes_with_the_pop_of_its_item_and_each_pop_with_the_push_into_its_slot) {
  const int rounds = support::scaled(20000);
  typename TestFixture::template of<int*> there(1), back(2);
  int shared = 0;
  support::crew other(1, [&](int) {
    while (const auto each = there.pop()) {
      ++**each;
      EXPECT_TRUE(back.push(*each));
    }
  });
  for (int round = 0; round < rounds; ++round) {
    EXPECT_TRUE(there.push(&shared));
    ++*back.pop().value();
  }
  there.close();
  other.join();
  EXPECT_EQ(2 * rounds, shared);
}

TYPED_TEST(bounded_queue_exchange, close_synchronizes_with_who_finds_it_closed) {
  using queue = typename TestFixture::template of<int>;
  for (const auto finds : {+[](queue& it) { return it.closed(); }, +[](queue& it) { return !it.push(1); },
                           +[](queue& it) { return !it.pop(); }}) {
    queue one(1);
    int before = 0;
    support::crew closer(1, [&](int) {
      before = 1;
      one.close();
    });
    support::eventually([&] { return finds(one); });
    EXPECT_EQ(1, before);
  }
}

// Producers push their own numbers in order, consumers check that they come in order; every way of pushing and popping takes its turn.
template <class Queue>
class exchange {
 public:
  exchange(int producers, int consumers, int items, std::size_t capacity)
      : queue_(capacity), producers_(producers), consumers_(consumers), items_(items) {}

  // `close_after`: so many items have been popped.
  void run(int close_after) {
    std::vector<std::atomic<char>> popped(static_cast<std::size_t>(producers_ * items_));
    std::vector<std::atomic<char>> pushed(popped.size());
    std::atomic<int> pops{0};
    {
      support::crew consumers(consumers_, [&](int) {
        std::vector<int> last(static_cast<std::size_t>(producers_), -1);
        for (int turn = 0; const auto item = pop(turn); ++turn) {
          const int producer = *item / items_, number = *item % items_;
          EXPECT_LT(std::exchange(last[static_cast<std::size_t>(producer)], number), number);
          EXPECT_EQ(0, popped[static_cast<std::size_t>(*item)]++);
          if (++pops == close_after) queue_.close();
        }
      });
      {
        support::crew producers(producers_, [&](int index) {
          for (int number = 0; number < items_; ++number) {
            const int item = index * items_ + number;
            if (!push(item, number)) break;
            pushed[static_cast<std::size_t>(item)] = 1;
          }
        });
      }
      queue_.close();
    }
    int total = 0;
    for (std::size_t item = 0; item < popped.size(); ++item) {
      EXPECT_EQ(pushed[item], popped[item]) << item;
      total += pushed[item];
    }
    EXPECT_EQ(total, pops);
    EXPECT_GE(total, std::min(close_after, producers_ * items_));
    EXPECT_EQ(0u, queue_.size());
  }

 private:
  // False: closed.
  bool push(int item, int turn) {
    if (turn % 4 == 0) return queue_.push(item);
    if (turn % 4 == 1) return queue_.push(item, std::stop_token());
    bool done = false;
    while (!done && !queue_.closed()) {
      done = turn % 4 == 2 ? queue_.push_for(item, 50us) : queue_.try_push(item);
      if (!done) std::this_thread::yield();
    }
    return done;
  }
  // None: closed and empty.
  std::optional<int> pop(int turn) {
    if (turn % 3 == 0) return queue_.pop();
    if (turn % 3 == 1) return queue_.pop(std::stop_token());
    for (int tries = 0; tries < 100; ++tries) {
      if (const auto item = queue_.pop_for(50us)) return item;
      if (const auto item = queue_.try_pop()) return item;
    }
    return queue_.pop();
  }

  Queue queue_;
  const int producers_, consumers_, items_;
};

// A number whose move may throw, as far as the compiler knows.
struct wary {
  wary(int number) : value(number) {}
  wary(wary&& other) noexcept(false) : value(std::exchange(other.value, -1)) {}
  operator int() const { return value; }

  int value;
};

template <class Queue>
class as_numbers {
 public:
  explicit as_numbers(std::size_t capacity) : queue_(capacity) {}
  template <class... Bounds>
  bool push(int item, Bounds... bounds) {
    return queue_.push(wary(item), bounds...);
  }
  template <class... Bounds>
  bool push_for(int item, Bounds... bounds) {
    return queue_.push_for(wary(item), bounds...);
  }
  bool try_push(int item) { return queue_.try_push(wary(item)); }
  template <class... Bounds>
  std::optional<int> pop(Bounds... bounds) {
    return number(queue_.pop(bounds...));
  }
  std::optional<int> pop_for(std::chrono::microseconds time) { return number(queue_.pop_for(time)); }
  std::optional<int> try_pop() { return number(queue_.try_pop()); }
  void close() { queue_.close(); }
  bool closed() const { return queue_.closed(); }
  std::size_t size() const { return queue_.size(); }

 private:
  static std::optional<int> number(std::optional<wary> item) {
    return item ? std::optional<int>(item->value) : std::nullopt;
  }

  Queue queue_;
};

TYPED_TEST(bounded_queue_exchange, many_to_many_each_item_comes_out_once_and_in_its_producers_order) {
  using queue = typename TestFixture::template of<int>;
  const int items = support::scaled(1600);
  for (const std::size_t capacity : {1U, 2U, 3U, 64U}) {
    exchange<queue>(4, 4, items, capacity).run(5 * items);
    exchange<queue>(4, 1, items, capacity).run(5 * items);
    exchange<queue>(1, 4, items, capacity).run(5 * items);
  }
}

TYPED_TEST(bounded_queue_exchange, closed_in_the_middle_it_loses_nothing_that_was_pushed) {
  using queue = typename TestFixture::template of<int>;
  const int items = support::scaled(400);
  for (const std::size_t capacity : {1U, 2U, 3U, 64U}) {
    for (const int part : {1, items, 3 * items}) exchange<queue>(4, 3, items, capacity).run(part);
  }
}

TYPED_TEST(bounded_queue_exchange, many_to_many_of_what_may_throw) {
  using queue = as_numbers<typename TestFixture::template of<wary>>;
  const int items = support::scaled(800);
  for (const std::size_t capacity : {1U, 3U, 64U}) {
    exchange<queue>(3, 3, items, capacity).run(5 * items);
    exchange<queue>(3, 3, items, capacity).run(items);
  }
}

}  // namespace
