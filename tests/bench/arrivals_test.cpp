// bench::arrivals: who has been overtaken, how often and until when. All in one thread, which takes the parts of several.
#include "harness/arrivals.hpp"

#include <gtest/gtest.h>

namespace {

constexpr std::uint64_t patience = 100;

TEST(arrivals, a_wait_that_nobody_overtook) {
  bench::arrivals waits(2, patience);
  waits.arrive(0, 10);
  const bench::arrivals::wait found = waits.take(0, 15);
  EXPECT_EQ(5u, found.length);
  EXPECT_EQ(0u, found.behind);
  EXPECT_EQ(0u, found.overtakes);
  EXPECT_EQ(0u, found.late_overtakes);
}

TEST(arrivals, who_came_later_and_took_first_has_overtaken) {
  bench::arrivals waits(2, patience);
  waits.arrive(0, 10);
  for (const std::uint64_t now : {20u, 60u, 110u, 111u, 150u}) {
    waits.arrive(1, now - 1);
    EXPECT_EQ(0u, waits.take(1, now).overtakes);
  }
  const bench::arrivals::wait found = waits.take(0, 180);
  EXPECT_EQ(170u, found.length);
  EXPECT_EQ(140u, found.behind);
  EXPECT_EQ(5u, found.overtakes);
  EXPECT_EQ(2u, found.late_overtakes) << "at 111 and at 150, but not at the end of the patience, 110";
}

TEST(arrivals, who_came_earlier_has_not) {
  bench::arrivals waits(3, patience);
  waits.arrive(1, 5);
  waits.arrive(0, 10);
  waits.arrive(2, 10);
  waits.take(1, 200);
  waits.take(2, 300);
  EXPECT_EQ(0u, waits.take(0, 400).overtakes);
}

TEST(arrivals, who_does_not_wait_is_not_overtaken) {
  bench::arrivals waits(2, patience);
  waits.arrive(0, 10);
  waits.take(0, 11);
  waits.arrive(1, 20);
  waits.take(1, 21);
  waits.arrive(0, 30);
  EXPECT_EQ(0u, waits.take(0, 31).overtakes);
}

TEST(arrivals, each_wait_is_told_of_anew) {
  bench::arrivals waits(2, patience);
  waits.arrive(0, 10);
  waits.arrive(1, 20);
  waits.take(1, 21);
  EXPECT_EQ(1u, waits.take(0, 22).overtakes);
  waits.arrive(0, 30);
  const bench::arrivals::wait found = waits.take(0, 35);
  EXPECT_EQ(5u, found.length);
  EXPECT_EQ(0u, found.behind + found.overtakes + found.late_overtakes);
}

}  // namespace
