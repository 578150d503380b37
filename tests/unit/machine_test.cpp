// What park takes for granted of the machine, and what an emulator has been seen to break: see scripts/lib/emulate.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/crew.hpp"

namespace {

// Each of two threads stores to its own word and then loads the other's: at least one must see the other's store.
TEST(machine, keeps_the_one_order_of_seq_cst) {
  constexpr int rounds = 2000;
  std::atomic<int> left{0}, right{0}, begun{0}, ended{0};
  int seen_by_right = 0, both_missed = 0;
  const auto wait_for = [](const std::atomic<int>& word, int value) {
    while (word.load() != value) std::this_thread::yield();
  };
  {
    support::crew other(1, [&](int) {
      for (int round = 1; round <= rounds; ++round) {
        wait_for(begun, round);
        right.store(1);
        seen_by_right = left.load();
        ended.store(round);
      }
    });
    for (int round = 1; round <= rounds; ++round) {
      left.store(0);
      right.store(0);
      begun.store(round);
      left.store(1);
      const int seen_by_left = right.load();
      wait_for(ended, round);
      if (seen_by_left == 0 && seen_by_right == 0) ++both_missed;
    }
  }
  EXPECT_EQ(0, both_missed);
}

}  // namespace
