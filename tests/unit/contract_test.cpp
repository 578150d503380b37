// Every broken precondition ends in park::contract_violation, which names it and aborts.
#include "park/contract.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "park/backoff.hpp"
#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "park/semaphore.hpp"
#include "support/limits.hpp"
#include "support/lots.hpp"
#include "support/mini_stop.hpp"

namespace {

using namespace std::chrono_literals;

#define EXPECT_VIOLATION(statement, rule) EXPECT_DEATH(statement, "park: contract violation: " rule)

template <class Lot>
class contract : public testing::Test {
 protected:
  using latch_type = park::basic_latch<Lot>;
  using semaphore_type = park::basic_counting_semaphore<5, Lot>;
  using wide_semaphore_type = park::basic_counting_semaphore<PTRDIFF_MAX, Lot>;
  using barrier_type = park::basic_barrier<park::detail::no_completion, Lot>;
  struct count {
    void operator()() const noexcept {}
  };
  using completing_barrier_type = park::basic_barrier<count, Lot>;
};
TYPED_TEST_SUITE(contract, support::lots, support::by_name);

TEST(contract, a_violation_says_what_was_broken) {
  EXPECT_VIOLATION(park::contract_violation("the rule"), "the rule\n");
}

TYPED_TEST(contract, of_latch_construction) {
  constexpr auto rule = "park: contract violation: latch\\(expected\\): expected is negative or above max\\(\\)";
  const auto make = [](std::ptrdiff_t expected) { typename TestFixture::latch_type broken(expected); };
  EXPECT_DEATH(make(-1), rule);
  EXPECT_DEATH(make(support::above(TestFixture::latch_type::max())), rule);
}

TYPED_TEST(contract, of_latch_count_down) {
  typename TestFixture::latch_type one(1);
  EXPECT_VIOLATION(one.count_down(-1), "latch::count_down\\(n\\): n is negative or above max\\(\\)");
  EXPECT_VIOLATION(one.count_down(support::above(TestFixture::latch_type::max())),
                   "latch::count_down\\(n\\): n is negative or above max\\(\\)");
  EXPECT_VIOLATION(one.count_down(2), "latch::count_down\\(n\\): n is greater than the count");
  EXPECT_VIOLATION(one.arrive_and_wait(2), "latch::count_down\\(n\\): n is greater than the count");
  EXPECT_VIOLATION(one.arrive_and_wait(-1), "latch::count_down\\(n\\): n is negative or above max\\(\\)");
  one.count_down();
  EXPECT_VIOLATION(one.count_down(), "latch::count_down\\(n\\): n is greater than the count");
}

TYPED_TEST(contract, of_latch_count_down_where_somebody_has_slept) {
  typename TestFixture::latch_type one(1);
  EXPECT_FALSE(one.wait_for(1ms));
  EXPECT_VIOLATION(one.count_down(2), "latch::count_down\\(n\\): n is greater than the count");
}

TYPED_TEST(contract, of_mutex_unlock) {
  park::basic_mutex<TypeParam> free, once, slept_for;
  constexpr auto rule = "park: contract violation: mutex::unlock\\(\\): the mutex is not locked";
  EXPECT_DEATH(free.unlock(), rule);
  once.lock();
  once.unlock();
  EXPECT_DEATH(once.unlock(), rule);
  slept_for.lock();
  EXPECT_FALSE(slept_for.try_lock_for(1ms));
  slept_for.unlock();
  EXPECT_DEATH(slept_for.unlock(), rule);
}

TYPED_TEST(contract, of_semaphore_construction) {
  constexpr auto rule =
      "park: contract violation: counting_semaphore\\(desired\\): desired is negative or above max\\(\\)";
  const auto make = [](std::ptrdiff_t desired) { typename TestFixture::semaphore_type broken(desired); };
  const auto make_wide = [](std::ptrdiff_t desired) { typename TestFixture::wide_semaphore_type broken(desired); };
  const auto make_least_wide = [](std::ptrdiff_t desired) {
    park::basic_counting_semaphore<support::least_wide, TypeParam> broken(desired);
  };
  const auto make_empty = [](std::ptrdiff_t desired) { park::basic_counting_semaphore<0, TypeParam> broken(desired); };
  EXPECT_DEATH(make(-1), rule);
  EXPECT_DEATH(make(6), rule);
  EXPECT_DEATH(make_wide(-1), rule);
  EXPECT_DEATH(make_least_wide(support::above(support::least_wide)), rule);
  EXPECT_DEATH(make_empty(1), rule);
}

TYPED_TEST(contract, of_semaphore_release) {
  typename TestFixture::semaphore_type three(3);
  EXPECT_VIOLATION(three.release(-1), "counting_semaphore::release\\(n\\): n is negative or above max\\(\\)");
  EXPECT_VIOLATION(three.release(6), "counting_semaphore::release\\(n\\): n is negative or above max\\(\\)");
  EXPECT_VIOLATION(three.release(3), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
  three.release(2);
  EXPECT_VIOLATION(three.release(), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
}

TYPED_TEST(contract, of_wide_semaphore_release) {
  typename TestFixture::wide_semaphore_type most(PTRDIFF_MAX - 1);
  EXPECT_VIOLATION(most.release(-1), "counting_semaphore::release\\(n\\): n is negative or above max\\(\\)");
  EXPECT_VIOLATION(most.release(2), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
  EXPECT_VIOLATION(most.release(PTRDIFF_MAX), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
}

TYPED_TEST(contract, of_the_full_wide_semaphore_release) {
  park::basic_counting_semaphore<support::least_wide, TypeParam> full(support::least_wide);
  EXPECT_VIOLATION(full.release(), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
  EXPECT_VIOLATION(full.release(support::above(support::least_wide)),
                   "counting_semaphore::release\\(n\\): n is negative or above max\\(\\)");
}

TYPED_TEST(contract, of_a_release_of_a_semaphore_of_zero) {
  park::basic_counting_semaphore<0, TypeParam> none(0);
  EXPECT_VIOLATION(none.release(), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
  EXPECT_VIOLATION(none.release(2), "counting_semaphore::release\\(n\\): n is negative or above max\\(\\)");
}

TYPED_TEST(contract, of_a_release_past_max_where_somebody_has_slept) {
  typename TestFixture::semaphore_type empty(0);
  EXPECT_FALSE(empty.try_acquire_for(1ms));
  empty.release(5);
  EXPECT_VIOLATION(empty.release(), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
}

TYPED_TEST(contract, of_the_full_narrow_semaphore_release) {
  park::basic_counting_semaphore<0x7fffffff, TypeParam> full(0x7fffffff);
  EXPECT_VIOLATION(full.release(), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
  EXPECT_VIOLATION(full.release(0x7fffffff), "counting_semaphore::release\\(n\\): the count would pass max\\(\\)");
}

TYPED_TEST(contract, of_semaphore_acquire) {
  constexpr auto rule =
      "park: contract violation: counting_semaphore::acquire\\(n\\): n is negative or above max\\(\\)";
  support::mini_stop_source never;
  typename TestFixture::semaphore_type three(3);
  EXPECT_DEATH(three.acquire(-1), rule);
  EXPECT_DEATH(three.acquire(6), rule);
  park::basic_counting_semaphore<support::least_wide, TypeParam> wide(3);
  EXPECT_DEATH(wide.acquire(support::above(support::least_wide)), rule);
  EXPECT_DEATH(static_cast<void>(three.acquire(6, support::mini_stop_source::token(never))), rule);
}

TYPED_TEST(contract, of_semaphore_try_acquire) {
  support::mini_stop_source never;
  const support::mini_stop_source::token token = never.get_token();
  const auto now = std::chrono::steady_clock::now();
  typename TestFixture::semaphore_type three(3);
  for (const std::ptrdiff_t n : {-1, 6}) {
    EXPECT_VIOLATION(static_cast<void>(three.try_acquire(n)),
                     "counting_semaphore::try_acquire\\(n\\): n is negative or above max\\(\\)");
  }
  constexpr auto for_rule =
      "park: contract violation: counting_semaphore::try_acquire_for\\(n, ...\\): n is negative or above max\\(\\)";
  EXPECT_DEATH(static_cast<void>(three.try_acquire_for(-1, 1ms)), for_rule);
  EXPECT_DEATH(static_cast<void>(three.try_acquire_for(6, token, 1ms)), for_rule);
  constexpr auto until_rule =
      "park: contract violation: counting_semaphore::try_acquire_until\\(n, ...\\): n is negative or above max\\(\\)";
  EXPECT_DEATH(static_cast<void>(three.try_acquire_until(6, now)), until_rule);
  EXPECT_DEATH(static_cast<void>(three.try_acquire_until(-1, token, now)), until_rule);
}

TYPED_TEST(contract, of_barrier_construction) {
  constexpr auto rule = "park: contract violation: barrier\\(expected\\): expected is negative or above max\\(\\)";
  const auto make = [](std::ptrdiff_t expected) { typename TestFixture::barrier_type broken(expected); };
  EXPECT_DEATH(make(-1), rule);
  EXPECT_DEATH(make(support::above(TestFixture::barrier_type::max())), rule);
}

template <class Barrier>
void expect_violations_of_arrive() {
  Barrier three(3);
  EXPECT_VIOLATION(static_cast<void>(three.arrive(0)), "barrier::arrive\\(n\\): n is not positive or above max\\(\\)");
  EXPECT_VIOLATION(static_cast<void>(three.arrive(-1)), "barrier::arrive\\(n\\): n is not positive or above max\\(\\)");
  EXPECT_VIOLATION(static_cast<void>(three.arrive(support::above(Barrier::max()))),
                   "barrier::arrive\\(n\\): n is not positive or above max\\(\\)");
  EXPECT_VIOLATION(static_cast<void>(three.arrive(4)), "barrier::arrive\\(n\\): n is greater than the pending count");
  static_cast<void>(three.arrive(2));
  EXPECT_VIOLATION(static_cast<void>(three.arrive(2)), "barrier::arrive\\(n\\): n is greater than the pending count");
  Barrier nobody(0);
  EXPECT_VIOLATION(nobody.arrive_and_wait(), "barrier::arrive\\(n\\): n is greater than the pending count");
  EXPECT_VIOLATION(nobody.arrive_and_drop(), "barrier::arrive_and_drop\\(\\): nobody is expected any more");
  Barrier one(1);
  one.arrive_and_drop();
  EXPECT_VIOLATION(one.arrive_and_drop(), "barrier::arrive_and_drop\\(\\): nobody is expected any more");
  EXPECT_VIOLATION(static_cast<void>(one.arrive()), "barrier::arrive\\(n\\): n is greater than the pending count");
}

TYPED_TEST(contract, of_barrier_arrive) { expect_violations_of_arrive<typename TestFixture::barrier_type>(); }

TYPED_TEST(contract, of_barrier_arrive_with_a_completion) {
  expect_violations_of_arrive<typename TestFixture::completing_barrier_type>();
}

TEST(contract, of_the_spin_budget) {
  constexpr auto rule = "park: contract violation: set_spin_budget\\(budget\\): budget is negative or above one second";
  EXPECT_DEATH(park::set_spin_budget(-1ns), rule);
  EXPECT_DEATH(park::set_spin_budget(1s + 1ns), rule);
}

// Not at most one: a program that renames std:: to park:: may ask a semaphore without permits for one, and gets none.
TYPED_TEST(contract, is_kept_by_who_asks_a_semaphore_of_zero_for_a_permit_for_a_while) {
  park::basic_counting_semaphore<0, TypeParam> none(0);
  EXPECT_FALSE(none.try_acquire());
  EXPECT_EXIT(
      {
        const bool taken = none.try_acquire_for(1ms) || none.try_acquire_until(std::chrono::steady_clock::now());
        std::_Exit(taken ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
