// What the compiler can check: sizes, signatures, constant initialization, and that whatever std has is there.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

#include "park/park.hpp"
#include "support/limits.hpp"
#include "support/lots.hpp"

namespace {

// Renaming std:: to park:: compiles: these are static objects, as they may be with std.
constinit park::latch global_latch(1);
constinit park::counting_semaphore<5> global_semaphore(0);
constinit park::counting_semaphore<PTRDIFF_MAX> global_wide_semaphore(0);
constinit park::binary_semaphore global_binary_semaphore(0);
constinit park::bounded_semaphore global_bounded_semaphore;
constinit park::barrier<> global_barrier(1);
constinit park::countdown_latch global_countdown_latch;
constinit park::cyclic_barrier<> global_cyclic_barrier(1);
constinit park::event global_event;
constinit park::condition_variable global_condition_variable;
constinit park::mutex global_mutex;
constinit park::recursive_mutex global_recursive_mutex;

TEST(interface, static_objects_are_constant_initialized) {
  global_latch.count_down();
  global_latch.wait();
  global_semaphore.release();
  global_semaphore.acquire();
  global_wide_semaphore.release();
  global_wide_semaphore.acquire();
  global_binary_semaphore.release();
  global_binary_semaphore.acquire();
  global_bounded_semaphore.acquire();
  global_bounded_semaphore.release();
  global_barrier.arrive_and_wait();
  global_countdown_latch.count_down();
  global_countdown_latch.wait();
  global_cyclic_barrier.wait();
  global_event.set();
  global_event.wait();
  global_condition_variable.notify_all();
  global_mutex.lock();
  global_mutex.unlock();
  global_recursive_mutex.lock();
  global_recursive_mutex.unlock();
}

template <class Lot>
class interface_over : public testing::Test {};
TYPED_TEST_SUITE(interface_over, support::lots, support::by_name);

TYPED_TEST(interface_over, sizes) {
  static_assert(sizeof(park::basic_latch<TypeParam>) == 4);
  static_assert(sizeof(park::basic_countdown_latch<TypeParam>) == 8);
  static_assert(sizeof(park::basic_event<TypeParam>) == 4);
  static_assert(sizeof(park::basic_condition_variable<TypeParam>) == 8 + sizeof(void*));
  static_assert(sizeof(park::basic_counting_semaphore<1, TypeParam>) == 8);
  static_assert(sizeof(park::basic_counting_semaphore<0x7fffffff, TypeParam>) == 8);
  static_assert(sizeof(park::basic_counting_semaphore<PTRDIFF_MAX, TypeParam>) <= 16);
  static_assert(sizeof(park::basic_bounded_semaphore<TypeParam>) == 16);
  static_assert(sizeof(park::basic_barrier<park::detail::no_completion, TypeParam>) == 16);
  static_assert(sizeof(park::basic_mutex<TypeParam>) == 4);
  static_assert(sizeof(park::basic_recursive_mutex<TypeParam>) == 16);
  static_assert(sizeof(park::basic_cyclic_barrier<park::detail::no_completion, TypeParam>) == 16);
  const auto stateless = [] {};
  static_assert(sizeof(park::basic_cyclic_barrier<decltype(stateless), TypeParam>) == 16);
  static_assert(sizeof(park::basic_barrier<decltype(stateless), TypeParam>) == 16);
}

template <class Type>
constexpr bool stays_in_place = !std::is_copy_constructible_v<Type> && !std::is_move_constructible_v<Type> &&
                                !std::is_copy_assignable_v<Type> && !std::is_move_assignable_v<Type>;

TYPED_TEST(interface_over, objects_stay_in_place) {
  static_assert(stays_in_place<park::basic_latch<TypeParam>>);
  static_assert(stays_in_place<park::basic_countdown_latch<TypeParam>>);
  static_assert(stays_in_place<park::basic_event<TypeParam>>);
  static_assert(stays_in_place<park::basic_condition_variable<TypeParam>>);
  static_assert(stays_in_place<park::basic_counting_semaphore<1, TypeParam>>);
  static_assert(stays_in_place<park::basic_bounded_semaphore<TypeParam>>);
  static_assert(stays_in_place<park::basic_barrier<park::detail::no_completion, TypeParam>>);
  static_assert(stays_in_place<park::basic_cyclic_barrier<park::detail::no_completion, TypeParam>>);
  static_assert(stays_in_place<park::basic_mutex<TypeParam>>);
  static_assert(stays_in_place<park::basic_recursive_mutex<TypeParam>>);
  static_assert(stays_in_place<park::basic_bounded_queue<int, TypeParam>>);
}

TYPED_TEST(interface_over, construction_is_explicit) {
  static_assert(!std::is_convertible_v<std::ptrdiff_t, park::basic_latch<TypeParam>>);
  static_assert(!std::is_convertible_v<std::ptrdiff_t, park::basic_countdown_latch<TypeParam>>);
  static_assert(!std::is_convertible_v<std::ptrdiff_t, park::basic_counting_semaphore<1, TypeParam>>);
  static_assert(!std::is_convertible_v<std::ptrdiff_t, park::basic_bounded_semaphore<TypeParam>>);
  static_assert(!std::is_convertible_v<std::ptrdiff_t, park::basic_barrier<park::detail::no_completion, TypeParam>>);
  static_assert(
      !std::is_convertible_v<std::ptrdiff_t, park::basic_cyclic_barrier<park::detail::no_completion, TypeParam>>);
  static_assert(!std::is_default_constructible_v<park::basic_latch<TypeParam>>);
}

TYPED_TEST(interface_over, latch_signatures) {
  using latch = park::basic_latch<TypeParam>;
  latch one(1);
  static_assert(noexcept(latch::max()) && noexcept(std::as_const(one).try_wait()));
  static_assert(noexcept(one.count_down()) && noexcept(std::as_const(one).wait()));
  static_assert(std::is_same_v<decltype(one.try_wait()), bool>);
  static_assert(std::is_same_v<decltype(one.arrive_and_wait(1)), void>);
  static_assert(latch::max() >= 0x7fffffff);
}

TYPED_TEST(interface_over, every_maximum_of_a_semaphore_compiles) {
  static_assert(park::basic_counting_semaphore<0, TypeParam>::max() == 0);
  static_assert(park::basic_counting_semaphore<1, TypeParam>::max() == 1);
  static_assert(park::basic_counting_semaphore<0x7fffffff, TypeParam>::max() == 0x7fffffff);
  static_assert(park::basic_counting_semaphore<support::least_wide, TypeParam>::max() == support::least_wide);
  static_assert(park::basic_counting_semaphore<PTRDIFF_MAX, TypeParam>::max() == PTRDIFF_MAX);
  park::basic_counting_semaphore<0, TypeParam> none(0);
  park::basic_counting_semaphore<0x7fffffff, TypeParam> narrow(0x7fffffff);
  park::basic_counting_semaphore<support::least_wide, TypeParam> wide(support::least_wide);
  park::basic_counting_semaphore<PTRDIFF_MAX, TypeParam> widest(PTRDIFF_MAX);
  EXPECT_EQ(0, none.available());
  EXPECT_FALSE(none.try_acquire());
  EXPECT_EQ(0x7fffffff, narrow.available());
  EXPECT_EQ(support::least_wide, wide.available());
  EXPECT_EQ(PTRDIFF_MAX, widest.available());
}

TYPED_TEST(interface_over, countdown_latch_signatures) {
  using latch = park::basic_countdown_latch<TypeParam>;
  latch one;
  static_assert(noexcept(one.count_down()) && noexcept(std::as_const(one).count()));
  static_assert(noexcept(std::as_const(one).wait()) && !noexcept(one.try_set_count(1)));
  static_assert(std::is_same_v<decltype(one.count()), std::ptrdiff_t>);
  static_assert(latch::max() >= 0x7fffffff);
}

TYPED_TEST(interface_over, cyclic_barrier_signatures) {
  using barrier = park::basic_cyclic_barrier<park::detail::no_completion, TypeParam>;
  barrier one(1);
  static_assert(noexcept(one.abort()) && noexcept(one.reset()) && noexcept(barrier::max()));
  static_assert(noexcept(std::as_const(one).parties()) && noexcept(std::as_const(one).n_waiting()));
  static_assert(noexcept(std::as_const(one).broken()) && !noexcept(one.wait()));
  static_assert(std::is_same_v<decltype(one.wait()), std::ptrdiff_t>);
  static_assert(std::is_same_v<decltype(one.n_waiting()), std::ptrdiff_t>);
  static_assert(barrier::max() >= 0x7fffffff);
}

TYPED_TEST(interface_over, event_signatures) {
  park::basic_event<TypeParam> event;
  static_assert(noexcept(event.set()) && noexcept(event.clear()));
  static_assert(noexcept(std::as_const(event).is_set()) && noexcept(std::as_const(event).wait()));
  static_assert(std::is_same_v<decltype(event.is_set()), bool>);
}

TYPED_TEST(interface_over, bounded_queue_signatures) {
  using queue = park::basic_bounded_queue<std::unique_ptr<int>, TypeParam>;
  static_assert(!std::is_convertible_v<std::size_t, queue> && !std::is_default_constructible_v<queue>);
  static_assert(sizeof(queue) == 5 * 64);
  using value = typename queue::value_type;
  static_assert(std::is_same_v<decltype(std::declval<queue&>().push(value())), bool>);
  static_assert(std::is_same_v<decltype(std::declval<queue&>().pop()), std::optional<value>>);
  static_assert(noexcept(std::declval<queue&>().close()) && noexcept(std::declval<const queue&>().size()));
  static_assert(requires(queue& into, value one) { into.push(std::move(one)); });
  static_assert(!requires(queue& into, const value one) { into.push(one); });
}

// What is moved from the one cannot be copied from the other: a range of unique_ptrs, by reference or in a view.
TYPED_TEST(interface_over, bounded_queue_signatures_of_ranges_and_of_what_is_done) {
  using queue = park::basic_bounded_queue<std::unique_ptr<int>, TypeParam>;
  using items = std::vector<std::unique_ptr<int>>;
  static_assert(requires(queue& into, items all) { into.push_range(std::move(all)); });
  static_assert(!requires(queue& into, items all) { into.push_range(all); });
  static_assert(!requires(queue& into) { into.push_range(1); });
  static_assert(!requires(queue& into) { into.push_range(std::vector<int>{1}); });
  static_assert(std::is_same_v<decltype(std::declval<queue&>().push_range(items())), std::size_t>);
  static_assert(std::is_same_v<decltype(std::declval<queue&>().try_push_range(items())), std::size_t>);
  static_assert(std::is_same_v<decltype(std::declval<queue&>().drain(std::declval<items&>().begin(), 1)), std::size_t>);
  static_assert(!requires(queue& from, const int* out) { from.drain(out, 1); });
  static_assert(noexcept(std::declval<const queue&>().wait_done()) && !noexcept(std::declval<queue&>().task_done()));
  static_assert(std::is_same_v<decltype(std::declval<const queue&>().wait_done()), void>);
  static_assert(std::is_same_v<decltype(std::declval<const queue&>().wait_done(std::stop_token())), bool>);
  static_assert(std::is_base_of_v<std::logic_error, park::task_done_error>);
}

TYPED_TEST(interface_over, semaphore_signatures) {
  park::basic_counting_semaphore<3, TypeParam> three(3);
  static_assert(noexcept(three.max()) && noexcept(three.try_acquire()));
  static_assert(std::is_same_v<decltype(three.try_acquire()), bool>);
  static_assert(std::is_same_v<decltype(three.release(1)), void>);
  static_assert(std::is_same_v<decltype(three.acquire()), void>);
}

TYPED_TEST(interface_over, bounded_semaphore_signatures) {
  park::basic_bounded_semaphore<TypeParam> one;
  static_assert(noexcept(one.max()) && noexcept(one.try_acquire()) && noexcept(one.acquire()));
  static_assert(!noexcept(one.release()) && noexcept(std::as_const(one).bound()));
  static_assert(std::is_same_v<decltype(one.release(1)), void>);
}

TYPED_TEST(interface_over, mutex_signatures) {
  using mutex = park::basic_mutex<TypeParam>;
  mutex one;
  static_assert(std::is_nothrow_default_constructible_v<mutex>);
  static_assert(noexcept(one.lock()) && noexcept(one.try_lock()) && noexcept(one.unlock()));
  static_assert(std::is_same_v<decltype(one.lock()), void> && std::is_same_v<decltype(one.unlock()), void>);
  static_assert(std::is_same_v<decltype(one.try_lock()), bool>);
}

TYPED_TEST(interface_over, condition_variable_signatures) {
  using namespace std::chrono;
  using type = park::basic_condition_variable<TypeParam>;
  static_assert(std::is_nothrow_default_constructible_v<type>);
  type changed;
  static_assert(noexcept(changed.notify_one()) && noexcept(changed.notify_all()) && noexcept(changed.notify(2)));
  // What all waits return, with any type of lock.
  const auto wait = [&](auto& lock) {
    const auto ready = [] { return true; };
    const auto time = steady_clock::time_point();
    const std::stop_token stop;
    static_assert(std::is_same_v<decltype(changed.wait(lock)), void>);
    static_assert(std::is_same_v<decltype(changed.wait(lock, ready)), void>);
    static_assert(std::is_same_v<decltype(changed.wait_for(lock, 1s)), std::cv_status>);
    static_assert(std::is_same_v<decltype(changed.wait_until(lock, time)), std::cv_status>);
    static_assert(std::is_same_v<decltype(changed.wait_for(lock, 1s, ready)), bool>);
    static_assert(std::is_same_v<decltype(changed.wait_until(lock, time, ready)), bool>);
    static_assert(std::is_same_v<decltype(changed.wait(lock, stop, ready)), bool>);
    static_assert(std::is_same_v<decltype(changed.wait_for(lock, stop, 1s, ready)), bool>);
    static_assert(std::is_same_v<decltype(changed.wait_until(lock, stop, time, ready)), bool>);
  };
  static_assert(requires(std::unique_lock<park::basic_mutex<TypeParam>> lock) { wait(lock); });
  static_assert(requires(std::unique_lock<park::basic_recursive_mutex<TypeParam>> lock) { wait(lock); });
  static_assert(requires(park::basic_mutex<TypeParam> lock) { wait(lock); });
  static_assert(requires(std::mutex lock) { wait(lock); });
}

TEST(interface, a_thread_is_started_as_one_of_std) {
  static_assert(std::is_base_of_v<park::basic_thread<park::native_lot>, park::thread>);
  static_assert(!std::is_convertible_v<void (*)(), park::thread> && std::is_nothrow_swappable_v<park::thread>);
  static_assert(std::is_nothrow_move_constructible_v<park::thread> && !std::is_copy_constructible_v<park::thread>);
  int sum = 0;
  park::thread one([&sum](std::stop_token, int more) { sum += more; }, 2);
  park::thread other(std::move(one));
  other.join();
  EXPECT_EQ(2, sum);
}

TEST(interface, binary_semaphore_is_a_counting_semaphore_of_one) {
  static_assert(std::is_same_v<park::binary_semaphore, park::counting_semaphore<1>>);
}

TEST(interface, default_maximum_is_at_least_that_of_an_int) {
  static_assert(park::counting_semaphore<>::max() >= 0x7fffffff);
}

TYPED_TEST(interface_over, arrival_token_is_move_only) {
  using barrier = park::basic_barrier<park::detail::no_completion, TypeParam>;
  using token = typename barrier::arrival_token;
  static_assert(!std::is_copy_constructible_v<token> && !std::is_copy_assignable_v<token>);
  static_assert(std::is_nothrow_move_constructible_v<token> && std::is_nothrow_move_assignable_v<token>);
  static_assert(std::is_destructible_v<token> && !std::is_default_constructible_v<token>);
  static_assert(std::is_same_v<decltype(std::declval<barrier&>().arrive()), token>);
  static_assert(barrier::max() >= 0x7fffffff);
}

TEST(interface, class_template_arguments_are_deduced) {
  park::counting_semaphore permits(3);
  static_assert(std::is_same_v<decltype(permits), park::counting_semaphore<>>);
  int runs = 0;
  const auto count = [&runs] { ++runs; };
  park::barrier with(1, count);
  static_assert(std::is_same_v<decltype(with), park::barrier<std::remove_const_t<decltype(count)>>>);
  park::barrier without(1);
  static_assert(std::is_same_v<decltype(without), park::barrier<>>);
  with.arrive_and_wait();
  without.arrive_and_wait();
  EXPECT_EQ(1, runs);
  park::cyclic_barrier cyclic_with(1, count);
  static_assert(std::is_same_v<decltype(cyclic_with), park::cyclic_barrier<std::remove_const_t<decltype(count)>>>);
  park::cyclic_barrier cyclic_without(1);
  static_assert(std::is_same_v<decltype(cyclic_without), park::cyclic_barrier<>>);
  cyclic_with.wait();
  cyclic_without.wait();
  EXPECT_EQ(2, runs);
  EXPECT_EQ(3, permits.available());
}

TEST(interface, completion_may_be_move_only_and_need_not_be_noexcept) {
  struct move_only {
    std::unique_ptr<int> runs = std::make_unique<int>(0);
    int* seen = runs.get();
    void operator()() { ++*runs; }
  };
  move_only completion;
  const int* const runs = completion.seen;
  park::barrier<move_only> rounds(1, std::move(completion));
  rounds.arrive_and_wait();
  rounds.arrive_and_wait();
  EXPECT_EQ(2, *runs);
}

TEST(interface, completion_may_be_a_function_pointer) {
  static int runs = 0;
  park::barrier<void (*)()> round(1, [] { ++runs; });
  round.arrive_and_wait();
  EXPECT_EQ(1, runs);
}

TEST(interface, lots_are_parking_lots_and_other_types_are_not) {
  static_assert(park::parking_lot<park::native_lot> && park::parking_lot<park::hashed_lot>);
  struct no_lot {};
  static_assert(!park::parking_lot<no_lot>);
}

}  // namespace
