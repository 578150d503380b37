// Mutexes under more threads than CPUs. Each test is a fixed amount of work; a lost wake hangs it, which the watchdog reports, and two
// threads at once fail the count at its end.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <stop_token>
#include <string>
#include <thread>

#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"
#include "support/signals.hpp"

namespace {

using namespace std::chrono_literals;
using support::scaled;

template <class Lot>
struct plain {
  static std::string name() { return Lot::name; }
  using type = park::basic_mutex<Lot>;
};

template <class Lot>
struct recursive {
  static std::string name() { return std::string("recursive_") + Lot::name; }
  using type = park::basic_recursive_mutex<Lot>;
};

template <class Mutex>
class mutex_stress : public testing::Test {
 protected:
  using type = typename Mutex::type;
};
using mutexes = support::over_lots<plain, recursive>;
TYPED_TEST_SUITE(mutex_stress, mutexes, support::by_name);

TYPED_TEST(mutex_stress, one_mutex_among_many_threads) {
  constexpr int threads = 24;
  const int rounds = scaled(8000);
  typename TestFixture::type mutex;
  int visits = 0;  // not atomic: the mutex guards it
  support::crew crew(threads, [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      mutex.lock();
      ++visits;
      if ((round + index) % 8 == 0) std::this_thread::yield();  // to somebody who finds it locked
      mutex.unlock();
    }
  });
  crew.join();
  EXPECT_EQ(threads * rounds, visits);
}

// Locks in one of the ways there are; false: not locked.
template <class Mutex>
bool lock_somehow(Mutex& mutex, std::minstd_rand& random) {
  const std::chrono::microseconds patience(random() % 200);
  std::stop_source stop;
  support::crew requester;
  switch (random() % 8) {
    case 0:
      return mutex.try_lock();
    case 1:
      return mutex.try_lock_until(std::chrono::system_clock::now() + patience);
    case 2:
      requester.add([&] { stop.request_stop(); });
      return mutex.lock(stop.get_token());
    case 3:
    case 4:
      return mutex.try_lock_for(patience);
    default:
      return mutex.lock(), true;
  }
}

// Whoever gives up must not take a wake with it that another one needs. `during` runs beside them.
template <class Mutex, class During>
void mix(During during) {
  constexpr int threads = 12;
  const int rounds = scaled(4000);
  Mutex mutex;
  int visits = 0;  // not atomic: the mutex guards it
  std::atomic<int> locked{0}, finished{0};
  support::crew crew(threads, [&](int index) {
    std::minstd_rand random(static_cast<unsigned>(index + 1));
    for (int round = 0; round < rounds; ++round) {
      if (!lock_somehow(mutex, random)) continue;
      ++visits;
      mutex.unlock();
      ++locked;
    }
    ++finished;
  });
  during(crew, [&] { return finished == threads; });
  crew.join();
  EXPECT_EQ(locked, visits);
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

TYPED_TEST(mutex_stress, everything_at_once) {
  mix<typename TestFixture::type>([](support::crew&, auto) {});
}

TYPED_TEST(mutex_stress, everything_at_once_in_a_storm_of_signals) {
  mix<typename TestFixture::type>([](support::crew& crew, auto over) {
    const support::signal_storm storm(crew.handles());
    support::eventually([&] {
      std::this_thread::sleep_for(1ms);
      return over();
    });
  });
}

}  // namespace
