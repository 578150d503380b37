// Timers in the child of a fork.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "park/event.hpp"
#include "park/thread.hpp"
#include "park/timer.hpp"
#include "support/child.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class timer_fork : public testing::Test {};
TYPED_TEST_SUITE(timer_fork, support::lots, support::by_name);

TYPED_TEST(timer_fork, the_child_may_start_its_own) {
  if (support::thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer refuses threads in the child of a program that has several";
  if (support::address_sanitizer)
    GTEST_SKIP() << "AddressSanitizer's allocator may be locked at the fork, by the thread that starts timers";
  if (!support::children_start_threads()) GTEST_SKIP() << "this emulator cannot start threads in the child of a fork";
  std::atomic<bool> over{false};
  park::basic_timer<TypeParam> busy;
  park::thread starter([&] {
    while (!over) busy = park::basic_timer<TypeParam>(1us, [] {});
  });
  for (int round = 0; round < support::scaled(50); ++round) {
    const support::ended ended = support::in_child([] {
      int runs = 0;
      park::basic_timer<TypeParam> never(1h, [&] { ++runs; });
      park::basic_timer<TypeParam> own(1us, [&] { ++runs; });
      own.wait();
      if (runs != 1 || !never.cancel()) support::leave(2);
      const park::basic_timer<TypeParam> alone({.own_thread = true}, 1us, [&] { ++runs; });
      alone.wait();
      if (runs != 2 || own.restart(0s)) support::leave(3);
      own.wait();
      if (runs != 3) support::leave(4);
    });
    ASSERT_EQ(0, ended.exit_code) << ended.output;
  }
  over = true;
}

TYPED_TEST(timer_fork, the_child_takes_those_of_the_parent_for_cancelled) {
  park::event go, began, also_began;
  park::basic_timer<TypeParam> runs(0s, [&] {
    began.set();
    go.wait();
  });
  park::basic_timer<TypeParam> alone({.own_thread = true}, 0s, [&] {
    also_began.set();
    go.wait();
  });
  park::basic_timer<TypeParam> pends(1h, [] {}), repeats = park::every<park::basic_timer<TypeParam>>(1h, [] {});
  began.wait();
  also_began.wait();
  const support::ended ended = support::in_child([&] {
    if (pends.pending() || pends.cancel() || runs.cancel()) support::leave(2);
    if (pends.restart(0s) || runs.restart(0s) || alone.restart(0s) || repeats.restart(0s)) support::leave(4);
    alone.wait();
    repeats.wait();
    alone = park::basic_timer<TypeParam>();
    repeats = park::basic_timer<TypeParam>();
    pends.wait();
    runs.wait();
    if (!runs.wait_for(1h)) support::leave(3);
    runs = park::basic_timer<TypeParam>();
    pends = park::basic_timer<TypeParam>();
  });
  EXPECT_EQ(0, ended.exit_code) << ended.output;
  EXPECT_TRUE(pends.pending());
  go.set();
}

}  // namespace
