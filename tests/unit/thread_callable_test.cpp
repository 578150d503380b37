// park::thread: what it can run, and how it calls that. Whatever compiles as a std::jthread of libstdc++ or libc++ compiles here and means
// the same; a test of these fails by not compiling.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "park/thread.hpp"
#include "support/lots.hpp"

namespace {

template <class Lot>
class thread_callable : public testing::Test {
 protected:
  using thread_type = park::basic_thread<Lot>;

  // Runs it in a thread, by its options too.
  template <class... All>
  static void run(const All&... all) {
    thread_type(all...).join();
    thread_type({.name = "named"}, all...).join();
    const park::thread_options options;
    thread_type(options, all...).join();
  }
};
TYPED_TEST_SUITE(thread_callable, support::lots, support::by_name);

// Its result is deduced, and its body compiles for what it is called with, and for nothing else.
const auto hand_on = [](auto& function) {
  return [&function](auto&&... arguments) { return function(std::forward<decltype(arguments)>(arguments)...); };
};

TYPED_TEST(thread_callable, generic_that_hands_on_a_token) {
  int sum = 0;
  const auto work = [&sum](const std::stop_token& stop, int more) { return sum += stop.stop_possible() ? more : 100; };
  this->run(hand_on(work), 5);
  EXPECT_EQ(15, sum);
}

TYPED_TEST(thread_callable, generic_that_hands_on_a_token_alone) {
  int calls = 0;
  const auto work = [&calls](const std::stop_token& stop) { return stop.stop_possible() ? ++calls : 0; };
  this->run(hand_on(work));
  EXPECT_EQ(3, calls);
}

TYPED_TEST(thread_callable, generic_that_uses_what_comes_first_as_a_token) {
  int calls = 0;
  this->run([&calls](auto first, auto... others) {
    calls += first.stop_requested() ? 0 : static_cast<int>(1 + sizeof...(others));
    return first.stop_possible();
  });
  EXPECT_EQ(3, calls);
}

// As an argument it is not called, with a token or without one.
TYPED_TEST(thread_callable, generic_that_is_the_argument_of_another) {
  int sum = 0;
  const auto add_four = [](auto to) { return to + 4; };
  this->run([&sum](const auto& function) { sum += function(1); }, add_four);
  EXPECT_EQ(15, sum);
  this->run([&sum](const std::stop_token&, const auto& function) { sum += function(2); }, add_four);
  EXPECT_EQ(33, sum);
}

TYPED_TEST(thread_callable, that_can_be_called_with_a_token_and_without_is_called_with_it) {
  std::string calls;
  struct both {
    std::string& calls;
    void operator()(int) const { calls += '-'; }
    void operator()(const std::stop_token&, int) const { calls += '+'; }
  };
  this->run(both{calls}, 1);
  EXPECT_EQ("+++", calls);
  std::size_t arguments = 0;
  this->run([&arguments](auto&&... all) -> void { arguments += sizeof...(all); }, 1, 2);
  EXPECT_EQ(9u, arguments);
}

TYPED_TEST(thread_callable, that_takes_no_token_is_called_without) {
  int sum = 0;
  this->run([&sum](int one, int other) { sum += one + other; }, 1, 2);
  EXPECT_EQ(9, sum);
  struct one_way {
    int& sum;
    int operator()(int more) const { return sum += more; }
  };
  this->run(one_way{sum}, 3);
  EXPECT_EQ(18, sum);
}

struct worker {
  void work(int more) { done += more; }
  int work_until(std::stop_token stop, int more) { return done += stop.stop_possible() ? more : 100; }
  void work_on(const std::stop_token& stop) noexcept { done += stop.stop_possible() ? 1 : 100; }
  int done = 0;
};

TYPED_TEST(thread_callable, member_function) {
  worker one;
  this->run(&worker::work, &one, 4);
  this->run(&worker::work, std::ref(one), 5);
  this->run(&worker::done, &one);
  EXPECT_EQ(27, one.done);
}

// As libstdc++ has it, where it is not held to the letter of the standard, which knows no such call.
TYPED_TEST(thread_callable, member_function_that_takes_a_token_has_it_after_the_object) {
  worker one;
  this->run(&worker::work_until, &one, 4);
  this->run(&worker::work_on, std::ref(one));
  EXPECT_EQ(15, one.done);
}

struct move_only {
  int operator()(std::unique_ptr<int> more) && { return *sum += *more; }
  int operator()(std::stop_token, std::unique_ptr<int> more) & = delete;
  std::unique_ptr<int> held = std::make_unique<int>(0);
  int* sum;
};

TYPED_TEST(thread_callable, that_can_be_called_only_once_and_moved_only) {
  int sum = 0;
  typename TestFixture::thread_type(move_only{.sum = &sum}, std::make_unique<int>(6)).join();
  EXPECT_EQ(6, sum);
  const auto take = [&sum](const std::stop_token& stop, std::unique_ptr<int> more) {
    return sum += stop.stop_possible() ? *more : 100;
  };
  typename TestFixture::thread_type(hand_on(take), std::make_unique<int>(7)).join();
  EXPECT_EQ(13, sum);
}

TYPED_TEST(thread_callable, none_of_what_cannot_be_called_is_taken) {
  using type = typename TestFixture::thread_type;
  static_assert(!std::is_constructible_v<type, int> && !std::is_constructible_v<type, void (*)(int)>);
  static_assert(!std::is_constructible_v<type, park::thread_options> &&
                !std::is_constructible_v<type, park::thread_options, int>);
  static_assert(!std::is_constructible_v<type, void (worker::*)(int), worker*>);
  static_assert(!std::is_constructible_v<type, void (*)(), int> &&
                !std::is_constructible_v<type, void (*)(int), void (*)()>);
  static_assert(std::is_constructible_v<type, park::thread_options, void (*)(std::stop_token)>);
  static_assert(std::is_constructible_v<type, const park::thread_options&, void (*)(int), int>);
}

}  // namespace
