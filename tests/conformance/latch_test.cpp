// [thread.latch.class]
#include <cstddef>
#include <type_traits>
#include <utility>

#include "conformance/compiler.hpp"
#include "conformance/expectation.hpp"
#include "conformance/sleeper.hpp"
#include "conformance/subject.hpp"

namespace {

using subject::latch;

EXPECTATION(latch, max_is_a_constant) {
  constexpr std::ptrdiff_t most = latch::max();
  EXPECT_LE(1, most);
  EXPECT_TRUE(noexcept(latch::max()));
}

EXPECTATION(latch, is_a_class) { EXPECT_TRUE(conformance::compiles("class subject::latch* none = nullptr;")); }

EXPECTATION(latch, stays_in_place) {
  EXPECT_FALSE(std::is_copy_constructible_v<latch> || std::is_move_constructible_v<latch>);
  EXPECT_FALSE(std::is_copy_assignable_v<latch> || std::is_move_assignable_v<latch>);
  EXPECT_TRUE(std::is_nothrow_destructible_v<latch>);
}

EXPECTATION(latch, is_made_of_a_count_and_only_explicitly) {
  EXPECT_TRUE((std::is_constructible_v<latch, std::ptrdiff_t>));
  EXPECT_FALSE((std::is_convertible_v<std::ptrdiff_t, latch>));
  EXPECT_FALSE(std::is_default_constructible_v<latch>);
}

EXPECTATION(latch, is_constant_initialized_from_zero_to_max) {
  EXPECT_TRUE(conformance::compiles("constinit subject::latch open(0), one(1), most(subject::latch::max());"));
}

EXPECTATION(latch, members_have_the_signatures_of_the_synopsis) {
  latch open(1);
  EXPECT_TRUE((std::is_same_v<void, decltype(open.count_down())>));
  EXPECT_TRUE((std::is_same_v<void, decltype(open.count_down(std::ptrdiff_t{1}))>));
  EXPECT_TRUE((std::is_same_v<bool, decltype(std::as_const(open).try_wait())>));
  EXPECT_TRUE(noexcept(std::as_const(open).try_wait()));
  EXPECT_TRUE((std::is_same_v<void, decltype(std::as_const(open).wait())>));
  EXPECT_TRUE((std::is_same_v<void, decltype(open.arrive_and_wait())>));
  EXPECT_TRUE((std::is_same_v<void, decltype(open.arrive_and_wait(std::ptrdiff_t{1}))>));
}

EXPECTATION(latch, of_zero_is_open) {
  const latch open(0);
  EXPECT_TRUE(open.try_wait());
  open.wait();
}

EXPECTATION(latch, counts_down_by_one_unless_told) {
  latch two(2);
  two.count_down();
  EXPECT_FALSE(two.try_wait());
  two.count_down();
  EXPECT_TRUE(two.try_wait());
}

EXPECTATION(latch, counts_down_by_n) {
  latch five(5);
  five.count_down(3);
  EXPECT_FALSE(five.try_wait());
  five.count_down(2);
  EXPECT_TRUE(five.try_wait());
}

EXPECTATION(latch, counts_down_by_zero_to_no_effect) {
  latch one(1);
  one.count_down(0);
  EXPECT_FALSE(one.try_wait());
  one.count_down();
  one.count_down(0);
  EXPECT_TRUE(one.try_wait());
}

EXPECTATION(latch, counts_down_from_max) {
  latch most(latch::max());
  most.count_down(latch::max() - 1);
  EXPECT_FALSE(most.try_wait());
  most.count_down();
  EXPECT_TRUE(most.try_wait());
}

EXPECTATION(latch, stays_open) {
  latch one(1);
  one.count_down();
  for (int i = 0; i < 3; ++i) {
    one.wait();
    EXPECT_TRUE(one.try_wait());
  }
}

EXPECTATION(latch, wait_blocks_until_the_count_is_zero) {
  latch two(2);
  const conformance::sleeper waiter([&] { two.wait(); });
  EXPECT_TRUE(waiter.blocks());
  two.count_down();
  EXPECT_TRUE(waiter.blocks());
  two.count_down();
}

EXPECTATION(latch, the_last_count_down_releases_everyone) {
  latch one(1);
  const conformance::sleeper first([&] { one.wait(); }), second([&] { one.wait(); }), third([&] { one.wait(); });
  EXPECT_TRUE(first.blocks() && second.blocks() && third.blocks());
  one.count_down();
}

EXPECTATION(latch, count_down_synchronizes_with_the_waits_that_it_ends) {
  latch two(2);
  int first = 0, second = 0;
  const conformance::sleeper counter([&] { first = 1, two.count_down(); });
  const conformance::sleeper other([&] { second = 2, two.count_down(); });
  two.wait();
  EXPECT_EQ(3, first + second);
}

EXPECTATION(latch, arrive_and_wait_is_count_down_and_wait) {
  latch three(3);
  const conformance::sleeper waiter([&] { three.arrive_and_wait(); });
  EXPECT_TRUE(waiter.blocks());
  EXPECT_FALSE(three.try_wait());
  three.arrive_and_wait(2);
  EXPECT_TRUE(three.try_wait());
}

EXPECTATION(latch, arrive_and_wait_of_zero_is_wait) {
  latch one(1);
  const conformance::sleeper waiter([&] { one.arrive_and_wait(0); });
  EXPECT_TRUE(waiter.blocks());
  one.count_down();
  one.arrive_and_wait(0);
}

}  // namespace
