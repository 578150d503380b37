// [thread.barrier.class], but for completion functions
#include <atomic>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "conformance/compiler.hpp"
#include "conformance/expectation.hpp"
#include "conformance/sleeper.hpp"
#include "conformance/subject.hpp"

namespace {

using conformance::compiles;
using conformance::is_ill_formed;
using barrier = subject::barrier<>;

EXPECTATION(barrier, max_is_a_constant) {
  constexpr std::ptrdiff_t most = barrier::max();
  EXPECT_LE(1, most);
  EXPECT_TRUE(noexcept(barrier::max()));
}

EXPECTATION(barrier, stays_in_place) {
  EXPECT_FALSE(std::is_copy_constructible_v<barrier> || std::is_move_constructible_v<barrier>);
  EXPECT_FALSE(std::is_copy_assignable_v<barrier> || std::is_move_assignable_v<barrier>);
  EXPECT_TRUE(std::is_nothrow_destructible_v<barrier>);
}

EXPECTATION(barrier, is_made_of_a_count_and_only_explicitly) {
  EXPECT_TRUE((std::is_constructible_v<barrier, std::ptrdiff_t>));
  EXPECT_FALSE((std::is_convertible_v<std::ptrdiff_t, barrier>));
  EXPECT_FALSE(std::is_default_constructible_v<barrier>);
}

EXPECTATION(barrier, is_constant_initialized) {
  EXPECT_TRUE(compiles("constinit subject::barrier<> none(0), three(3), most(subject::barrier<>::max());"));
}

EXPECTATION(barrier, is_made_of_every_count_up_to_max) {
  const barrier none(0), most(barrier::max());
  static_cast<void>(none), static_cast<void>(most);
}

EXPECTATION(barrier, is_a_template_of_one_parameter) {
  EXPECT_TRUE(compiles(R"(
      template <template <class> class Barrier> struct team { Barrier<void (*)()> meeting{1, [] {}}; };
      team<subject::barrier> one;
      template <class T> constexpr bool is_barrier = false;
      template <class F> constexpr bool is_barrier<subject::barrier<F>> = true;
      static_assert(is_barrier<subject::barrier<>> && is_barrier<subject::barrier<void (*)()>>);)"));
}

EXPECTATION(barrier, members_have_the_signatures_of_the_synopsis) {
  using token = barrier::arrival_token;
  EXPECT_TRUE((std::is_same_v<token, decltype(std::declval<barrier&>().arrive())>));
  EXPECT_TRUE((std::is_same_v<token, decltype(std::declval<barrier&>().arrive(std::ptrdiff_t{1}))>));
  EXPECT_TRUE((std::is_same_v<void, decltype(std::declval<const barrier&>().wait(std::declval<token>()))>));
  EXPECT_TRUE((std::is_same_v<void, decltype(std::declval<barrier&>().arrive_and_wait())>));
  EXPECT_TRUE((std::is_same_v<void, decltype(std::declval<barrier&>().arrive_and_drop())>));
}

EXPECTATION(barrier, waits_take_a_token_away) {
  EXPECT_TRUE(
      is_ill_formed("void use(subject::barrier<>& round) { const auto token = round.arrive(); round.wait(token); }",
                    "no matching|cannot bind|binding reference|drops|discards|no known conversion|expects an rvalue"));
  EXPECT_TRUE(
      compiles("void use(subject::barrier<>& round) { auto token = round.arrive(); "
               "round.wait(std::move(token)); }"));
}

EXPECTATION(barrier, tokens_move_and_are_assigned) {
  using token = barrier::arrival_token;
  EXPECT_TRUE(std::is_move_constructible_v<token> && std::is_move_assignable_v<token>);
  EXPECT_TRUE(std::is_destructible_v<token>);
  barrier two(2);
  token first = two.arrive();
  token second = two.arrive();
  two.wait(std::move(second));
  second = std::move(first);
  token third(std::move(second));
  two.wait(std::move(third));
}

EXPECTATION(barrier, arrive_must_not_be_discarded) {
  EXPECT_TRUE(
      is_ill_formed("#pragma GCC diagnostic error \"-Wunused-result\"\n"
                    "void use(subject::barrier<>& round) { round.arrive(); }",
                    "nodiscard"));
}

EXPECTATION(barrier, of_one_never_blocks) {
  barrier one(1);
  one.arrive_and_wait();
  one.wait(one.arrive());
  one.arrive_and_wait();
}

EXPECTATION(barrier, arrive_counts_and_does_not_block) {
  barrier two(2);
  auto first = two.arrive();
  auto second = two.arrive();
  two.wait(std::move(first));
  two.wait(std::move(second));
}

EXPECTATION(barrier, arrive_counts_n) {
  barrier five(5);
  auto three = five.arrive(3);
  auto two = five.arrive(2);
  five.wait(std::move(three));
  five.wait(std::move(two));
  five.wait(five.arrive(5));
}

EXPECTATION(barrier, arrive_counts_to_max) {
  barrier most(barrier::max());
  most.wait(most.arrive(barrier::max()));
}

EXPECTATION(barrier, wait_blocks_until_the_phase_is_over) {
  barrier three(3);
  const conformance::sleeper waiter([&] { three.wait(three.arrive()); });
  EXPECT_TRUE(waiter.blocks());
  static_cast<void>(three.arrive());
  EXPECT_TRUE(waiter.blocks());
  static_cast<void>(three.arrive());
}

EXPECTATION(barrier, the_last_arrival_releases_everyone) {
  barrier three(3);
  const conformance::sleeper first([&] { three.arrive_and_wait(); }), second([&] { three.arrive_and_wait(); });
  EXPECT_TRUE(first.blocks() && second.blocks());
  three.arrive_and_wait();
}

EXPECTATION(barrier, a_token_of_the_phase_before_returns_at_once) {
  barrier two(2);
  auto first = two.arrive();
  auto second = two.arrive();
  static_cast<void>(two.arrive());  // of the next phase, which is not over
  two.wait(std::move(first));
  two.wait(std::move(second));
}

EXPECTATION(barrier, arrivals_synchronize_with_the_waits) {
  barrier three(3);
  int first = 0, second = 0;
  const conformance::sleeper writer([&] { first = 1, three.arrive_and_wait(); });
  const conformance::sleeper other([&] { second = 2, static_cast<void>(three.arrive()); });
  three.arrive_and_wait();
  EXPECT_EQ(3, first + second);
}

EXPECTATION(barrier, phases_follow_each_other) {
  constexpr int size = 3, phases = 500;
  barrier all(size);
  std::atomic<int> arrived{0};
  const auto work = [&] {
    for (int phase = 1; phase <= phases; ++phase) {
      ++arrived;
      all.arrive_and_wait();
      EXPECT_LE(size * phase, arrived.load());
      all.arrive_and_wait();
      EXPECT_GE(size * (phase + 1), arrived.load());
    }
  };
  const conformance::sleeper first(work), second(work), third(work);
}

EXPECTATION(barrier, arrive_and_drop_arrives) {
  barrier two(2);
  auto token = two.arrive();
  two.arrive_and_drop();
  two.wait(std::move(token));
}

EXPECTATION(barrier, arrive_and_drop_is_expected_no_more_in_later_phases) {
  barrier three(3);
  auto token = three.arrive(2);
  three.arrive_and_drop();
  three.wait(std::move(token));
  for (int phase = 0; phase < 3; ++phase) three.wait(three.arrive(2));
  token = three.arrive();
  three.arrive_and_drop();
  three.wait(std::move(token));
  for (int phase = 0; phase < 3; ++phase) three.arrive_and_wait();
}

EXPECTATION(barrier, arrive_and_drop_leaves_the_phase_it_is_in_as_it_was) {
  barrier three(3);
  three.arrive_and_drop();
  const conformance::sleeper waiter([&] { three.arrive_and_wait(); });
  EXPECT_TRUE(waiter.blocks());
  static_cast<void>(three.arrive());
}

EXPECTATION(barrier, everyone_may_drop) {
  barrier two(2);
  {
    const conformance::sleeper waiter([&] {
      auto token = two.arrive();
      two.wait(std::move(token));
      two.arrive_and_drop();
    });
    EXPECT_TRUE(waiter.blocks());
    two.arrive_and_drop();
  }
  barrier one(1);
  one.arrive_and_drop();
}

}  // namespace
