// Semaphores under more threads than CPUs. Each test is a fixed amount of work; a lost wake or a lost permit hangs it, which the
// watchdog reports, or fails the count at its end.
//
// The first tests can be run on std::counting_semaphore too, as a control: compile with -DPARK_STRESS_STD. They may hang there (GCC
// PR104928), so that is not the default.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <semaphore>
#include <stop_token>
#include <string>
#include <thread>

#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"
#include "support/signals.hpp"

namespace {

using namespace std::chrono_literals;
using support::scaled;

template <class Lot>
struct narrow {
  static std::string name() { return Lot::name; }
  using type = park::basic_counting_semaphore<1000, Lot>;
};

template <class Lot>
struct wide {
  static std::string name() { return std::string("wide_") + Lot::name; }
  using type = park::basic_counting_semaphore<PTRDIFF_MAX, Lot>;
};

struct standard {
  static std::string name() { return "std"; }
  using type = std::counting_semaphore<1000>;
};

using park_semaphores = support::over_lots<narrow, wide>;
#if defined(PARK_STRESS_STD)
using all_semaphores = support::joined<park_semaphores, testing::Types<standard>>::type;
#else
using all_semaphores = park_semaphores;
#endif

template <class Semaphore>
class any_semaphore_stress : public testing::Test {
 protected:
  using type = typename Semaphore::type;
};
TYPED_TEST_SUITE(any_semaphore_stress, all_semaphores, support::by_name);

template <class Semaphore>
class semaphore_stress : public testing::Test {
 protected:
  using type = typename Semaphore::type;
};
TYPED_TEST_SUITE(semaphore_stress, park_semaphores, support::by_name);

// The shape that hung std::binary_semaphore: one permit, many threads.
TYPED_TEST(any_semaphore_stress, one_permit_among_many_threads) {
  constexpr int threads = 24;
  const int rounds = scaled(8000);
  typename TestFixture::type one(1);
  int visits = 0;  // not atomic: the permit guards it
  support::crew crew(threads, [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      one.acquire();
      ++visits;
      if ((round + index) % 8 == 0) std::this_thread::yield();  // to somebody who finds no permit
      one.release();
    }
  });
  crew.join();
  EXPECT_EQ(threads * rounds, visits);
}

TYPED_TEST(any_semaphore_stress, producers_and_consumers) {
  constexpr int pairs = 8;
  const int rounds = scaled(12000);
  typename TestFixture::type items(0), places(5);
  std::atomic<int> held{0};
  support::crew crew(2 * pairs, [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      if (index % 2 == 0) {
        places.acquire();
        ++held;
        items.release();
      } else {
        items.acquire();
        --held;
        places.release();
      }
    }
  });
  crew.join();
  EXPECT_EQ(0, held);
  EXPECT_FALSE(items.try_acquire());
}

// Whoever times out must not take a wake with it that another one needs.
TYPED_TEST(any_semaphore_stress, timeouts_race_with_releases) {
  constexpr int takers = 8;
  const int permits = scaled(80000);
  typename TestFixture::type offered(0);
  std::atomic<int> taken{0};
  support::crew crew(takers, [&](int index) {
    std::minstd_rand random(static_cast<unsigned>(index + 1));
    while (taken < permits) {
      const std::chrono::microseconds patience(random() % 80);
      if (index % 4 == 0 ? offered.try_acquire_until(std::chrono::system_clock::now() + patience)
                         : offered.try_acquire_for(patience)) {
        ++taken;
      }
    }
  });
  for (int permit = 0; permit < permits; ++permit) {
    offered.release();
    while (permit - taken > 200) std::this_thread::yield();
  }
  crew.join();
  EXPECT_EQ(permits, taken);
  EXPECT_FALSE(offered.try_acquire());
}

TYPED_TEST(semaphore_stress, stops_race_with_releases) {
  constexpr int takers = 8;
  const int permits = scaled(8000);
  typename TestFixture::type offered(0);
  std::atomic<int> taken{0};
  support::crew crew(takers, [&](int) {
    while (taken < permits) {
      std::stop_source stop;
      support::crew requester(1, [&](int) { stop.request_stop(); });
      if (offered.acquire(stop.get_token())) ++taken;
    }
  });
  for (int permit = 0; permit < permits; ++permit) {
    offered.release();
    while (permit - taken > 200) std::this_thread::yield();
  }
  crew.join();
  EXPECT_EQ(permits, taken);
  EXPECT_EQ(0, offered.available());
}

// Takes permits in one of the ways there are; returns how many, 0 for none.
template <class Semaphore>
std::ptrdiff_t take_some(Semaphore& permits, std::minstd_rand& random) {
  const std::ptrdiff_t n = 1 + static_cast<std::ptrdiff_t>(random() % 3);
  const std::chrono::microseconds patience(random() % 200);
  std::stop_source stop;
  support::crew requester;
  switch (random() % 6) {
    case 0:
      return permits.acquire(), 1;
    case 1:
      return permits.acquire(n), n;
    case 2:
      return permits.try_acquire(n) ? n : 0;
    case 3:
      return permits.try_acquire_for(n, patience) ? n : 0;
    case 4:
      return permits.try_acquire_until(n, std::chrono::system_clock::now() + patience) ? n : 0;
    default:
      requester.add([&] { stop.request_stop(); });
      return permits.acquire(n, stop.get_token()) ? n : 0;
  }
}

// More threads than CPUs do everything there is; `during` runs beside them.
template <class Semaphore, class During>
void mix(During during) {
  constexpr int threads = 12;
  constexpr std::ptrdiff_t permits = 4;
  const int rounds = scaled(4000);
  Semaphore shared(permits);
  std::atomic<std::ptrdiff_t> out{0};
  std::atomic<int> finished{0};
  support::crew crew(threads, [&](int index) {
    std::minstd_rand random(static_cast<unsigned>(index + 1));
    for (int round = 0; round < rounds; ++round) {
      const std::ptrdiff_t taken = take_some(shared, random);
      EXPECT_LE(out += taken, permits);
      out -= taken;
      shared.release(taken);
    }
    ++finished;
  });
  during(crew, [&] { return finished == threads; });
  crew.join();
  EXPECT_EQ(permits, shared.available());
  EXPECT_TRUE(shared.try_acquire(permits));
}

TYPED_TEST(semaphore_stress, everything_at_once) {
  mix<typename TestFixture::type>([](support::crew&, auto) {});
}

TYPED_TEST(semaphore_stress, everything_at_once_in_a_storm_of_signals) {
  mix<typename TestFixture::type>([](support::crew& crew, auto over) {
    const support::signal_storm storm(crew.handles());
    support::eventually([&] {
      std::this_thread::sleep_for(1ms);
      return over();
    });
  });
}

}  // namespace
