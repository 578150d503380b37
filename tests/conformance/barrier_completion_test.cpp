// [thread.barrier.class]: completion functions; with LWG 3898 and P2588 (the completion step may run in arrive, arrive_and_drop or wait)
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

#include "conformance/compiler.hpp"
#include "conformance/expectation.hpp"
#include "conformance/sleeper.hpp"
#include "conformance/subject.hpp"

namespace {

using conformance::compiles;
using subject::barrier;

EXPECTATION(completion, type_is_deduced) {
  const auto nothing = []() noexcept {};
  barrier with(1, nothing);
  EXPECT_TRUE((std::is_same_v<decltype(with), barrier<std::remove_const_t<decltype(nothing)>>>));
  barrier without(1);
  EXPECT_TRUE((std::is_same_v<decltype(without), barrier<>>));
  with.arrive_and_wait();
}

template <class Completion>
constexpr bool takes(const barrier<Completion>&) {
  return true;
}

EXPECTATION(completion, type_is_deduced_from_a_barrier) {
  EXPECT_TRUE(takes(barrier<>(1)));
  EXPECT_TRUE(takes(barrier<void (*)() noexcept>(1, []() noexcept {})));
}

EXPECTATION(completion, that_is_constexpr_leaves_the_barrier_constant_initialized) {
  EXPECT_TRUE(compiles(R"(struct step { int value; void operator()() const noexcept {} };
                          constinit subject::barrier<step> round(3, step{7});
                          constinit subject::barrier<void (*)()> other(3, [] {});)"));
}

EXPECTATION(completion, need_not_be_noexcept) {
  EXPECT_TRUE(compiles("subject::barrier round(1, [] { throw 1; }); void use() { round.arrive_and_wait(); }"));
}

EXPECTATION(completion, may_be_a_function_or_a_function_object_of_any_kind) {
  static int runs;
  runs = 0;
  barrier<void (*)() noexcept> pointer(1, []() noexcept { ++runs; });
  pointer.arrive_and_wait();
  barrier<std::function<void()>> function(1, [] { ++runs; });
  function.arrive_and_wait();
  auto lambda = [count = 0]() mutable { return runs += ++count; };
  barrier stateful(1, lambda);
  stateful.arrive_and_wait();
  stateful.arrive_and_wait();
  barrier referred(1, std::ref(lambda));
  referred.arrive_and_wait();
  EXPECT_EQ(2 + 1 + 2 + 1, runs);
}

EXPECTATION(completion, may_be_final) {
  struct step final {
    int* runs;
    void operator()() noexcept { ++*runs; }
  };
  int runs = 0;
  barrier<step> one(1, step{&runs});
  one.arrive_and_wait();
  EXPECT_EQ(1, runs);
}

EXPECTATION(completion, may_be_move_only) {
  struct step {
    std::unique_ptr<int*> runs;
    void operator()() noexcept { ++**runs; }
  };
  int runs = 0;
  barrier<step> one(1, step{std::make_unique<int*>(&runs)});
  one.arrive_and_wait();
  one.arrive_and_wait();
  EXPECT_EQ(2, runs);
}

EXPECTATION(completion, need_not_be_default_constructible_nor_assignable) {
  struct step {
    int& runs;
    void operator()() noexcept { ++runs; }
  };
  int runs = 0;
  barrier<step> one(1, step{runs});
  one.arrive_and_wait();
  EXPECT_EQ(1, runs);
}

EXPECTATION(completion, is_default_constructed_where_none_is_given) {
  static int runs;
  runs = 0;
  struct step {
    void operator()() noexcept { ++runs; }
  };
  barrier<step> one(1);
  one.arrive_and_wait();
  EXPECT_EQ(1, runs);
}

EXPECTATION(completion, is_called_as_a_mutable_lvalue) {
  struct step {
    int* called;
    void operator()() & noexcept { *called = 1; }
    void operator()() const& noexcept { *called = 2; }
    void operator()() && noexcept { *called = 3; }
  };
  int called = 0;
  barrier<step> one(1, step{&called});
  one.arrive_and_wait();
  EXPECT_EQ(1, called);
}

EXPECTATION(completion, is_moved_once_from_the_parameter) {
  struct step {
    int* moves;
    explicit step(int* count) : moves(count) {}
    step(step&& other) noexcept : moves(other.moves) { ++*moves; }
    void operator()() noexcept {}
  };
  int moves = 0;
  barrier<step> one(1, step(&moves));
  EXPECT_EQ(1, moves);
}

EXPECTATION(completion, runs_once_in_each_phase) {
  constexpr int size = 3, phases = 300;
  int runs = 0;
  barrier all(size, [&]() noexcept { ++runs; });
  const auto work = [&] {
    for (int phase = 1; phase <= phases; ++phase) {
      all.arrive_and_wait();
      EXPECT_EQ(2 * phase - 1, runs);
      all.arrive_and_wait();
    }
  };
  {
    const conformance::sleeper first(work), second(work), third(work);
  }
  EXPECT_EQ(2 * phases, runs);
}

EXPECTATION(completion, runs_after_every_arrival_and_before_any_wait_returns) {
  int first = 0, second = 0, sum = 0;
  barrier three(3, [&]() noexcept { sum = first + second; });
  const conformance::sleeper writer([&] {
    first = 1, three.arrive_and_wait();
    EXPECT_EQ(3, sum);
  });
  const conformance::sleeper other([&] { second = 2, static_cast<void>(three.arrive()); });
  three.arrive_and_wait();
  EXPECT_EQ(3, sum);
}

EXPECTATION(completion, runs_in_a_thread_that_calls_the_barrier_in_that_phase) {
  std::thread::id ran;
  barrier two(2, [&]() noexcept { ran = std::this_thread::get_id(); });
  std::thread::id other;
  {
    const conformance::sleeper waiter([&] { other = std::this_thread::get_id(), two.arrive_and_wait(); });
    two.arrive_and_wait();
  }
  EXPECT_TRUE(ran == other || ran == std::this_thread::get_id());
}

EXPECTATION(completion, runs_once_where_one_arrival_counts_for_all) {
  int runs = 0;
  barrier three(3, [&]() noexcept { ++runs; });
  three.wait(three.arrive(3));
  EXPECT_EQ(1, runs);
}

EXPECTATION(completion, runs_once_where_a_drop_is_last) {
  int runs = 0;
  barrier two(2, [&]() noexcept { ++runs; });
  auto token = two.arrive();
  two.arrive_and_drop();
  two.wait(std::move(token));
  EXPECT_EQ(1, runs);
  two.arrive_and_wait();
  EXPECT_EQ(2, runs);
}

EXPECTATION(completion, runs_once_where_a_drop_is_not_last) {
  int runs = 0;
  barrier two(2, [&]() noexcept { ++runs; });
  two.arrive_and_drop();
  EXPECT_EQ(0, runs);
  two.arrive_and_wait();
  EXPECT_EQ(1, runs);
  two.arrive_and_wait();
  EXPECT_EQ(2, runs);
}

EXPECTATION(completion, runs_at_most_once_where_everyone_drops) {
  int runs = 0;
  barrier two(2, [&]() noexcept { ++runs; });
  two.arrive_and_drop();
  two.arrive_and_drop();
  EXPECT_GE(1, runs);  // nobody waits: whether it runs is the library's choice
}

}  // namespace
