// [thread.sema.cnt], but for timeouts
#include <climits>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "conformance/compiler.hpp"
#include "conformance/expectation.hpp"
#include "conformance/sleeper.hpp"
#include "conformance/subject.hpp"

namespace {

using conformance::compiles;
using conformance::is_ill_formed;
using subject::binary_semaphore;
using subject::counting_semaphore;

EXPECTATION(semaphore, max_is_a_constant_of_at_least_the_argument) {
  EXPECT_LE(0, counting_semaphore<0>::max());
  EXPECT_LE(1, counting_semaphore<1>::max());
  constexpr std::ptrdiff_t most = counting_semaphore<1000>::max();
  EXPECT_LE(1000, most);
  EXPECT_TRUE(noexcept(counting_semaphore<1000>::max()));
}

EXPECTATION(semaphore, max_may_be_that_of_int) { EXPECT_LE(INT_MAX, counting_semaphore<INT_MAX>::max()); }

EXPECTATION(semaphore, max_may_be_that_of_ptrdiff_t) {
  EXPECT_TRUE(compiles(R"(
      static_assert(subject::counting_semaphore<PTRDIFF_MAX>::max() == PTRDIFF_MAX);
      void use() { subject::counting_semaphore<PTRDIFF_MAX>(PTRDIFF_MAX).acquire(); })"));
}

EXPECTATION(semaphore, max_is_one_that_the_library_chooses_where_none_is_asked_for) {
  EXPECT_TRUE((std::is_same_v<counting_semaphore<>, counting_semaphore<counting_semaphore<>::max()>>));
}

EXPECTATION(semaphore, max_cannot_be_negative) {
  EXPECT_TRUE(is_ill_formed("subject::counting_semaphore<-1> none(0);", "static.assert"));
  EXPECT_TRUE(compiles("subject::counting_semaphore<0> none(0);"));
}

EXPECTATION(semaphore, binary_is_counting_to_one) {
  EXPECT_TRUE((std::is_same_v<binary_semaphore, counting_semaphore<1>>));
}

EXPECTATION(semaphore, is_a_template_of_one_parameter) {
  EXPECT_TRUE(compiles(R"(
      template <template <std::ptrdiff_t> class Semaphore> struct pool { Semaphore<4> slots{4}; };
      pool<subject::counting_semaphore> four;
      template <class T> constexpr bool is_semaphore = false;
      template <std::ptrdiff_t N> constexpr bool is_semaphore<subject::counting_semaphore<N>> = true;
      static_assert(is_semaphore<subject::binary_semaphore>);)"));
}

template <std::ptrdiff_t N>
constexpr std::ptrdiff_t deduced(const counting_semaphore<N>&) {
  return N;
}

EXPECTATION(semaphore, argument_is_deduced) {
  counting_semaphore plain(3);
  EXPECT_TRUE((std::is_same_v<decltype(plain), counting_semaphore<>>));
  EXPECT_EQ(1, deduced(binary_semaphore(0)));
  EXPECT_EQ(7, deduced(counting_semaphore<7>(0)));
}

EXPECTATION(semaphore, stays_in_place) {
  using each = counting_semaphore<5>;
  EXPECT_FALSE(std::is_copy_constructible_v<each> || std::is_move_constructible_v<each>);
  EXPECT_FALSE(std::is_copy_assignable_v<each> || std::is_move_assignable_v<each>);
  EXPECT_TRUE(std::is_nothrow_destructible_v<each>);
}

EXPECTATION(semaphore, is_made_of_a_count_and_only_explicitly) {
  using each = counting_semaphore<5>;
  EXPECT_TRUE((std::is_constructible_v<each, std::ptrdiff_t>));
  EXPECT_FALSE((std::is_convertible_v<std::ptrdiff_t, each>));
  EXPECT_FALSE(std::is_default_constructible_v<each>);
}

EXPECTATION(semaphore, is_constant_initialized_from_zero_to_max) {
  EXPECT_TRUE(compiles(R"(
      constinit subject::counting_semaphore<0> none(0);
      constinit subject::counting_semaphore<5> empty(0), some(3), most(subject::counting_semaphore<5>::max());
      constinit subject::counting_semaphore<> plain(subject::counting_semaphore<>::max());
      constinit subject::binary_semaphore closed(0), open(1);)"));
}

EXPECTATION(semaphore, members_have_the_signatures_of_the_synopsis) {
  using each = counting_semaphore<5>;
  each empty(0);
  const std::chrono::milliseconds time(1);
  EXPECT_TRUE((std::is_same_v<void, decltype(empty.release())>));
  EXPECT_TRUE((std::is_same_v<void, decltype(empty.release(std::ptrdiff_t{1}))>));
  EXPECT_TRUE((std::is_same_v<void, decltype(empty.acquire())>));
  EXPECT_TRUE((std::is_same_v<bool, decltype(empty.try_acquire())>));
  EXPECT_TRUE((std::is_same_v<bool, decltype(empty.try_acquire_for(time))>));
  EXPECT_TRUE((std::is_same_v<bool, decltype(empty.try_acquire_until(std::chrono::steady_clock::now()))>));
}

EXPECTATION(semaphore, try_acquire_is_noexcept) {
  EXPECT_TRUE(noexcept(std::declval<counting_semaphore<5>&>().try_acquire()));
}

EXPECTATION(semaphore, try_acquire_takes_what_is_there_and_no_more) {
  counting_semaphore<5> two(2);
  EXPECT_TRUE(two.try_acquire());
  EXPECT_TRUE(two.try_acquire());
  EXPECT_FALSE(two.try_acquire());
}

EXPECTATION(semaphore, of_zero_has_nothing_to_take) {
  counting_semaphore<0> none(0);
  EXPECT_FALSE(none.try_acquire());
  none.release(0);
  EXPECT_FALSE(none.try_acquire_for(std::chrono::milliseconds(1)));
}

EXPECTATION(semaphore, release_adds_one_unless_told) {
  counting_semaphore<5> empty(0);
  empty.release();
  EXPECT_TRUE(empty.try_acquire());
  EXPECT_FALSE(empty.try_acquire());
}

EXPECTATION(semaphore, release_adds_n_up_to_max) {
  counting_semaphore<5> semaphore(1);
  semaphore.release(4);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
}

EXPECTATION(semaphore, release_of_zero_has_no_effect) {
  counting_semaphore<5> semaphore(0);
  semaphore.release(0);
  EXPECT_FALSE(semaphore.try_acquire());
  counting_semaphore<5> full(5);
  full.release(0);
  EXPECT_TRUE(full.try_acquire());
}

EXPECTATION(semaphore, release_fills_from_zero_to_max) {
  counting_semaphore<> empty(0);
  empty.release(counting_semaphore<>::max());
  EXPECT_TRUE(empty.try_acquire());
  empty.release();
  counting_semaphore<> full(counting_semaphore<>::max());
  full.acquire();
  full.release();
  EXPECT_TRUE(full.try_acquire());
}

EXPECTATION(semaphore, acquire_blocks_until_there_is_a_permit) {
  counting_semaphore<5> empty(0);
  {
    const conformance::sleeper waiter([&] { empty.acquire(); });
    EXPECT_TRUE(waiter.blocks());
    empty.release(0);
    EXPECT_TRUE(waiter.blocks());
    empty.release();
  }
  EXPECT_FALSE(empty.try_acquire());
}

EXPECTATION(semaphore, release_of_n_lets_n_go_on) {
  counting_semaphore<5> empty(0);
  {
    const conformance::sleeper first([&] { empty.acquire(); }), second([&] { empty.acquire(); }),
        third([&] { empty.acquire(); });
    EXPECT_TRUE(first.blocks() && second.blocks() && third.blocks());
    empty.release(3);
  }
  EXPECT_FALSE(empty.try_acquire());
}

EXPECTATION(semaphore, each_release_lets_one_go_on) {
  binary_semaphore closed(0);
  {
    const conformance::sleeper first([&] { closed.acquire(), closed.release(); }),
        second([&] { closed.acquire(), closed.release(); });
    EXPECT_TRUE(first.blocks() && second.blocks());
    closed.release();
  }
  EXPECT_TRUE(closed.try_acquire());
}

EXPECTATION(semaphore, release_synchronizes_with_the_acquire_that_takes_its_permit) {
  binary_semaphore closed(0);
  int written = 0;
  const conformance::sleeper writer([&] { written = 1, closed.release(); });
  closed.acquire();
  EXPECT_EQ(1, written);
}

EXPECTATION(semaphore, binary_semaphores_hand_a_turn_back_and_forth) {
  binary_semaphore mine(1), yours(0);
  int turns = 0;
  const conformance::sleeper other([&] {
    for (int i = 0; i < 1000; ++i) yours.acquire(), ++turns, mine.release();
  });
  for (int i = 0; i < 1000; ++i) mine.acquire(), ++turns, yours.release();
  mine.acquire();
  EXPECT_EQ(2000, turns);
}

}  // namespace
