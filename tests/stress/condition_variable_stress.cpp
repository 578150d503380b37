// Condition variables under more threads than CPUs. A fixed amount of work each; a notification that is lost hangs it, which the watchdog
// reports.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>

#include "park/condition_variable.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "support/crew.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"
#include "support/signals.hpp"

namespace {

using namespace std::chrono_literals;
using support::scaled;

template <class Lot>
struct with_mutex {
  static std::string name() { return Lot::name; }
  using mutex = park::basic_mutex<Lot>;
  using condition = park::basic_condition_variable<Lot>;
};

template <class Lot>
struct with_recursive_mutex {
  static std::string name() { return std::string("recursive_") + Lot::name; }
  using mutex = park::basic_recursive_mutex<Lot>;
  using condition = park::basic_condition_variable<Lot>;
};

template <class Lot>
struct with_std_mutex {
  static std::string name() { return std::string("std_") + Lot::name; }
  using mutex = std::mutex;
  using condition = park::basic_condition_variable<Lot>;
};

template <class Types>
class condition_variable_stress : public testing::Test {
 protected:
  using mutex_type = typename Types::mutex;
  using condition_type = typename Types::condition;
};
using kinds = support::over_lots<with_mutex, with_recursive_mutex, with_std_mutex>;
TYPED_TEST_SUITE(condition_variable_stress, kinds, support::by_name);

// Each item and each place is told to one who waits.
template <class Mutex, class Condition, class Wait>
void pass_items(int capacity, int rounds, Wait wait) {
  constexpr int pairs = 6;
  Mutex mutex;
  Condition not_full, not_empty;
  int held = 0, most = 0;  // guarded by mutex
  support::crew crew(2 * pairs, [&](int index) {
    std::minstd_rand random(static_cast<unsigned>(index + 1));
    for (int round = 0; round < rounds; ++round) {
      std::unique_lock lock(mutex);
      if (index % 2 == 0) {
        wait(not_full, lock, random, [&] { return held < capacity; });
        most = std::max(most, ++held);
        not_empty.notify_one();
      } else {
        wait(not_empty, lock, random, [&] { return held > 0; });
        --held;
        lock.unlock();
        not_full.notify_one();
      }
    }
  });
  crew.join();
  EXPECT_EQ(0, held);
  EXPECT_LE(most, capacity);
}

TYPED_TEST(condition_variable_stress, producers_and_consumers) {
  pass_items<typename TestFixture::mutex_type, typename TestFixture::condition_type>(
      3, scaled(6000), [](auto& condition, auto& lock, std::minstd_rand&, auto ready) { condition.wait(lock, ready); });
}

// Whoever gives up must not take a notification with it.
TYPED_TEST(condition_variable_stress, producers_and_consumers_who_give_up) {
  pass_items<typename TestFixture::mutex_type, typename TestFixture::condition_type>(
      2, scaled(2000), [](auto& condition, auto& lock, std::minstd_rand& random, auto ready) {
        while (!ready()) {
          const std::chrono::microseconds patience(random() % 100);
          if (random() % 3 == 0) {
            static_cast<void>(condition.wait_for(lock, patience));
          } else if (random() % 8 == 0) {
            std::stop_source stop;
            support::crew requester(1, [&](int) { stop.request_stop(); });
            static_cast<void>(condition.wait(lock, stop.get_token(), ready));
          } else {
            condition.wait(lock, ready);
          }
        }
      });
}

// The last to come tells all others, who are moved to the mutex where they can be; `during` runs beside them.
template <class Mutex, class Condition, class During>
void meet(During during) {
  constexpr int threads = 12;
  const int rounds = scaled(2000);
  Mutex mutex;
  Condition changed;
  int round_now = 0, come = 0;  // guarded by mutex
  std::atomic<int> finished{0};
  support::crew crew(threads, [&](int) {
    for (int round = 0; round < rounds; ++round) {
      std::unique_lock lock(mutex);
      if (++come == threads) {
        come = 0;
        ++round_now;
        changed.notify_all();
      } else {
        changed.wait(lock, [&] { return round_now > round; });
      }
      EXPECT_EQ(round + 1, round_now);
    }
    ++finished;
  });
  during(crew, [&] { return finished == threads; });
  crew.join();
  EXPECT_EQ(rounds, round_now);
}

TYPED_TEST(condition_variable_stress, all_are_told) {
  meet<typename TestFixture::mutex_type, typename TestFixture::condition_type>([](support::crew&, auto) {});
}

TYPED_TEST(condition_variable_stress, all_are_told_in_a_storm_of_signals) {
  meet<typename TestFixture::mutex_type, typename TestFixture::condition_type>([](support::crew& crew, auto over) {
    const support::signal_storm storm(crew.handles());
    while (!over()) std::this_thread::sleep_for(1ms);
  });
}

}  // namespace
