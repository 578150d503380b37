// Timers and the end of the process. Each program is a process of its own.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <optional>

#include "park/event.hpp"
#include "park/timer.hpp"
#include "support/child.hpp"
#include "support/program.hpp"

namespace {

using namespace std::chrono_literals;

const support::program pending("timer_pending_at_exit", [] {
  static park::timer of_static_life(1h, [] {});
  park::timer(1h, [] {}).detach();
  return 3;
});
TEST(timer_exit, is_not_held_up_by_a_pending_timer) {
  const support::ended ended = support::run_program("timer_pending_at_exit", [] {});
  EXPECT_EQ(3, ended.exit_code) << ended.output;
}

const support::program exits("timer_that_exits", [] {
  static std::optional<park::timer> of_static_life;
  static constinit park::event made, never;
  of_static_life.emplace(0s, [] {
    made.wait();
    std::exit(4);  // destroys its own timer
  });
  made.set();
  never.wait();
  return 5;
});
TEST(timer_exit, may_come_from_a_timer) {
  const support::ended ended = support::run_program("timer_that_exits", [] {});
  EXPECT_EQ(4, ended.exit_code) << ended.output;
}

const support::program own_threads("timers_with_threads_at_exit", [] {
  const park::timer_options own{.own_thread = true};
  static park::timer of_static_life(own, 1h, [] {});
  static constinit park::event began, never;
  park::timer(own, 1h, [] {}).detach();
  park::timer(own, 0s, [] {
    began.set();
    never.wait();
  }).detach();
  park::timer(own, 0s, [] {}).wait();
  began.wait();
  return 3;
});
TEST(timer_exit, is_not_held_up_by_threads_of_timers) {
  const support::ended ended = support::run_program("timers_with_threads_at_exit", [] {});
  EXPECT_EQ(3, ended.exit_code) << ended.output;
}

const support::program own_thread_exits("timer_with_a_thread_that_exits", [] {
  static std::optional<park::timer> of_static_life;
  static constinit park::event made, never;
  of_static_life.emplace(park::timer_options{.own_thread = true}, 0s, [] {
    made.wait();
    std::exit(4);  // destroys its own timer
  });
  made.set();
  never.wait();
  return 5;
});
TEST(timer_exit, may_come_from_a_timer_with_a_thread_of_its_own) {
  const support::ended ended = support::run_program("timer_with_a_thread_that_exits", [] {});
  EXPECT_EQ(4, ended.exit_code) << ended.output;
}

const support::program repeats("timer_that_repeats_at_exit", [] {
  static std::optional<park::timer> of_static_life;
  static constinit park::event began;
  of_static_life.emplace(park::every(1us, [] { began.set(); }));
  park::every(1us, [] {}).detach();
  began.wait();
  return 3;
});
TEST(timer_exit, is_not_held_up_by_one_that_repeats) {
  const support::ended ended = support::run_program("timer_that_repeats_at_exit", [] {});
  EXPECT_EQ(3, ended.exit_code) << ended.output;
}

}  // namespace
