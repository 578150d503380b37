// Barriers under more threads than CPUs: timed and stopped waits, signals, drop-outs. A fixed amount of work each; a lost wake hangs
// it, which the watchdog reports.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "park/barrier.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"
#include "support/signals.hpp"

namespace {

using namespace std::chrono_literals;
using support::scaled;

template <class Lot>
class barrier_stress : public testing::Test {
 protected:
  using plain_type = park::basic_barrier<park::detail::no_completion, Lot>;
  using completing_type = park::basic_barrier<std::function<void()>, Lot>;
};
TYPED_TEST_SUITE(barrier_stress, support::lots, support::by_name);

// Waits for the end of a phase in one of the ways there are.
template <class Barrier>
void wait_somehow(Barrier& barrier, typename Barrier::arrival_token token, std::minstd_rand& random) {
  const std::chrono::microseconds patience(random() % 100);
  std::stop_source stop;
  support::crew requester;
  switch (random() % 4) {
    case 0:
      break;
    case 1:
      support::eventually([&] { return barrier.wait_for(token, patience); });
      break;
    case 2:
      support::eventually([&] { return barrier.wait_until(token, std::chrono::system_clock::now() + patience); });
      break;
    default:
      requester.add([&] { stop.request_stop(); });
      static_cast<void>(barrier.wait(token, stop.get_token()));
  }
  barrier.wait(std::move(token));
}

// Phases whose completion sees that everyone has come just so far; `during` runs beside them.
template <class Barrier, class During>
void meet(During during) {
  constexpr int threads = 10;
  const int phases = scaled(3000);
  int completed = 0;  // not atomic, nor is progress: the barrier orders every access
  std::vector<int> progress(threads, 0);
  std::atomic<int> finished{0};
  Barrier round(threads, [&] {
    ++completed;
    for (const int each : progress) EXPECT_EQ(completed, each);
  });
  support::crew crew(threads, [&](int index) {
    std::minstd_rand random(static_cast<unsigned>(index + 1));
    for (int phase = 1; phase <= phases; ++phase) {
      progress[static_cast<std::size_t>(index)] = phase;
      wait_somehow(round, round.arrive(), random);
      EXPECT_EQ(phase, completed);
    }
    ++finished;
  });
  during(crew, [&] { return finished == threads; });
  crew.join();
  EXPECT_EQ(phases, completed);
}

TYPED_TEST(barrier_stress, phases_with_every_kind_of_wait) {
  meet<typename TestFixture::completing_type>([](support::crew&, auto) {});
}

TYPED_TEST(barrier_stress, phases_in_a_storm_of_signals) {
  meet<typename TestFixture::completing_type>([](support::crew& crew, auto over) {
    const support::signal_storm storm(crew.handles());
    while (!over()) std::this_thread::sleep_for(1ms);
  });
}

TYPED_TEST(barrier_stress, phases_without_a_completion) {
  constexpr int threads = 16;
  const int phases = scaled(4000);
  typename TestFixture::plain_type round(threads);
  std::vector<int> progress(threads, 0);
  support::crew crew(threads, [&](int index) {
    const auto mine = static_cast<std::size_t>(index), next = static_cast<std::size_t>((index + 1) % threads);
    for (int phase = 1; phase <= phases; ++phase) {
      progress[mine] = phase;
      round.arrive_and_wait();
      EXPECT_EQ(phase, progress[next]);
      round.arrive_and_wait();
    }
  });
}

TYPED_TEST(barrier_stress, threads_drop_out_one_by_one) {
  constexpr int threads = 8;
  const int barriers = scaled(400);
  for (int barrier = 0; barrier < barriers; ++barrier) {
    int completed = 0;
    typename TestFixture::completing_type round(threads, [&] { ++completed; });
    support::crew crew(threads, [&](int index) {
      for (int phase = 1; phase < 2 * (index + 1); ++phase) {
        round.arrive_and_wait();
        EXPECT_EQ(phase, completed);
      }
      round.arrive_and_drop();
    });
    crew.join();
    EXPECT_EQ(2 * threads, completed);
  }
}

}  // namespace
