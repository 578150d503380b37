// Latches under more threads than CPUs, many of them gone as soon as their waits have returned. A fixed amount of work each; a lost
// wake hangs it, which the watchdog reports.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "park/latch.hpp"
#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;
using support::scaled;

template <class Lot>
class latch_stress : public testing::Test {};
TYPED_TEST_SUITE(latch_stress, support::lots, support::by_name);

// Clients whose request and its answer's latch live on the client's stack: gone as soon as the wait for the answer has returned.
template <class Lot>
struct request {
  park::basic_latch<Lot> answered{1};
  int question = 0, answer = 0;
};

TYPED_TEST(latch_stress, latches_on_the_stacks_of_their_waiters) {
  constexpr int clients = 8;
  const int requests = scaled(10000);
  park::basic_counting_semaphore<1000, TypeParam> asked(0);
  std::atomic<request<TypeParam>*> slots[clients] = {};
  std::atomic<int> left{clients * requests};
  support::crew servers(3, [&](int) {
    while (left.fetch_sub(1) > 0) {
      asked.acquire();
      request<TypeParam>* mine = nullptr;
      for (std::size_t slot = 0; mine == nullptr; slot = (slot + 1) % clients) mine = slots[slot].exchange(nullptr);
      mine->answer = mine->question + 1;
      mine->answered.count_down();
    }
  });
  support::crew crew(clients, [&](int index) {
    for (int round = 0; round < requests; ++round) {
      request<TypeParam> mine;
      mine.question = round;
      slots[index] = &mine;
      asked.release();
      if (round % 3 == 0) {
        support::eventually([&] { return mine.answered.wait_for(std::chrono::microseconds(round % 50)); });
      } else {
        mine.answered.wait();
      }
      EXPECT_EQ(round + 1, mine.answer);
    }
  });
}

TYPED_TEST(latch_stress, latches_that_many_wait_for) {
  constexpr int threads = 12;
  const int rounds = scaled(2000);
  std::vector<std::unique_ptr<park::basic_latch<TypeParam>>> latches;
  for (int round = 0; round < rounds; ++round)
    latches.push_back(std::make_unique<park::basic_latch<TypeParam>>(threads));
  support::crew crew(threads, [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      auto& latch = *latches[static_cast<std::size_t>(round)];
      if ((index + round) % 2 == 0) {
        latch.arrive_and_wait();
      } else {
        latch.count_down();
        EXPECT_TRUE(latch.wait_for(1h));
      }
    }
  });
}

}  // namespace
