// Bounded queues under more threads than CPUs. A fixed amount of work each; a lost wake hangs it, which the watchdog reports, and an item
// that is lost or made up fails the sum at its end.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>

#include "park/bounded_queue.hpp"
#include "support/crew.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"
#include "support/signals.hpp"

namespace {

using namespace std::chrono_literals;
using support::scaled;

template <class Lot>
class bounded_queue_stress : public testing::Test {
 protected:
  template <class T>
  using queue_type = park::basic_bounded_queue<T, Lot>;
};
TYPED_TEST_SUITE(bounded_queue_stress, support::lots, support::by_name);

// Has its queue take a lock for each side.
struct with_a_move_that_might_throw {
  explicit with_a_move_that_might_throw(int number) : value(number) {}
  with_a_move_that_might_throw(with_a_move_that_might_throw&& other) noexcept(false) : value(other.value) {}
  int value;
};

int value_of(int item) { return item; }
int value_of(const std::unique_ptr<int>& item) { return *item; }
int value_of(const with_a_move_that_might_throw& item) { return item.value; }

// Producers push the numbers from 1 by push(item, random), consumers pop by pop(random) until the queue is closed and empty.
template <class Queue, class Make, class Push, class Pop, class During>
void flow(Queue& queue, Make make, Push push, Pop pop, During during) {
  constexpr int producers = 8, consumers = 8;
  const int rounds = scaled(8000);
  std::atomic<long> sum{0};
  std::atomic<int> producing{producers}, finished{0};
  support::crew crew(producers + consumers, [&](int index) {
    std::minstd_rand random(static_cast<unsigned>(index + 1));
    if (index < producers) {
      for (int number = 1; number <= rounds; ++number) push(queue, make(number), random);
      if (--producing == 0) queue.close();
    } else {
      long own = 0;
      while (const auto item = pop(queue, random)) own += value_of(*item);
      sum += own;
    }
    ++finished;
  });
  during(crew, [&] { return finished == producers + consumers; });
  crew.join();
  EXPECT_EQ(static_cast<long>(producers) * rounds * (rounds + 1) / 2, sum);
  EXPECT_EQ(0u, queue.size());
}

constexpr auto number = [](int each) { return each; };
constexpr auto on_the_heap = [](int each) { return std::make_unique<int>(each); };
constexpr auto plain_push = [](auto& queue, auto item, std::minstd_rand&) { EXPECT_TRUE(queue.push(std::move(item))); };
constexpr auto plain_pop = [](auto& queue, std::minstd_rand&) { return queue.pop(); };
constexpr auto nothing = [](support::crew&, auto) {};

// Again and again, until it is done.
constexpr auto impatient_push = [](auto& queue, auto item, std::minstd_rand& random) {
  for (bool pushed = false; !pushed;) {
    const std::chrono::microseconds patience(random() % 100);
    switch (random() % 4) {
      case 0:
        pushed = queue.try_push(std::move(item));
        break;
      case 1:
        pushed = queue.push_until(std::move(item), std::chrono::system_clock::now() + patience);
        break;
      case 2:
        pushed = queue.push_for(std::move(item), patience);
        break;
      default:
        pushed = queue.push(std::move(item));
    }
  }
};
constexpr auto impatient_pop = [](auto& queue, std::minstd_rand& random) {
  for (;;) {
    const std::chrono::microseconds patience(random() % 100);
    switch (random() % 3) {
      case 0:
        if (auto item = queue.pop_for(patience)) return item;
        break;
      case 1:
        if (auto item = queue.try_pop()) return item;
        break;
      default:
        return queue.pop();
    }
  }
};

TYPED_TEST(bounded_queue_stress, of_one_slot) {
  typename TestFixture::template queue_type<int> queue(1);
  flow(queue, number, plain_push, plain_pop, nothing);
}

TYPED_TEST(bounded_queue_stress, of_many_slots) {
  typename TestFixture::template queue_type<std::unique_ptr<int>> queue(37);
  flow(queue, on_the_heap, plain_push, plain_pop, nothing);
}

TYPED_TEST(bounded_queue_stress, with_locks) {
  typename TestFixture::template queue_type<with_a_move_that_might_throw> queue(3);
  flow(
      queue, number, [](auto& into, int item, std::minstd_rand&) { EXPECT_TRUE(into.emplace(item)); }, plain_pop,
      nothing);
}

TYPED_TEST(bounded_queue_stress, whose_users_give_up) {
  typename TestFixture::template queue_type<std::unique_ptr<int>> queue(3);
  flow(queue, on_the_heap, impatient_push, impatient_pop, nothing);
}

TYPED_TEST(bounded_queue_stress, whose_users_give_up_in_a_storm_of_signals) {
  typename TestFixture::template queue_type<int> queue(2);
  flow(queue, number, impatient_push, impatient_pop, [](support::crew& crew, auto over) {
    const support::signal_storm storm(crew.handles());
    while (!over()) std::this_thread::sleep_for(1ms);
  });
}

TYPED_TEST(bounded_queue_stress, stops_race_with_pushes) {
  constexpr int consumers = 6;
  const int items = scaled(6000);
  typename TestFixture::template queue_type<int> queue(4);
  std::atomic<int> popped{0};
  support::crew crew(consumers, [&](int) {
    while (popped < items) {
      std::stop_source stop;
      support::crew requester(1, [&](int) { stop.request_stop(); });
      if (queue.pop(stop.get_token())) ++popped;
    }
  });
  for (int item = 0; item < items; ++item) EXPECT_TRUE(queue.push(item));
  crew.join();
  EXPECT_EQ(items, popped);
  EXPECT_EQ(0u, queue.size());
}

}  // namespace
