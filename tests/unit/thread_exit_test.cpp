// What the end of the process waits for, of the threads that park has started. Each program is a process of its own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <stop_token>
#include <thread>

#include "park/event.hpp"
#include "park/thread.hpp"
#include "support/exiting.hpp"
#include "support/program.hpp"

namespace {

using support::expect_output;
using support::never;
using support::say;
using support::say_late;
using support::sleep_for_ever;
using support::while_it_runs;

struct says_when_destroyed {
  bool spoken = false;
  ~says_when_destroyed() {
    if (spoken) say("static destructor\n");
  }
};
says_when_destroyed before_any_thread;

const support::program leaves_one_detached("exit_detached", [] {
  before_any_thread.spoken = true;
  static says_when_destroyed after_the_first_thread;
  while_it_runs({}, [] { say_late("stopped\n"); });
  after_the_first_thread.spoken = true;
  return 3;
});
TEST(thread_exit, waits_for_a_detached_thread_before_static_objects_are_destroyed) {
  expect_output("exit_detached", "stopped\nstatic destructor\nstatic destructor\n", 3);
}

const support::program lives("exit_not_joined", []() -> int {
  const park::thread one([](const std::stop_token& stop) {
    sleep_for_ever(stop);
    say_late("stopped\n");
  });
  std::exit(4);
});
TEST(thread_exit, waits_for_a_thread_whose_object_lives) { expect_output("exit_not_joined", "stopped\n", 4); }

const support::program starts_another("exit_chained", [] {
  while_it_runs({}, [] { park::thread([] { say_late("second\n"); }).detach(); });
  return 0;
});
TEST(thread_exit, waits_for_a_thread_that_starts_meanwhile) { expect_output("exit_chained", "second\n"); }

const support::program daemon_runs("exit_daemon", [] {
  while_it_runs({.daemon = true}, [] { say("stopped\n"); });
  return 0;
});
TEST(thread_exit, does_not_wait_for_a_daemon) { expect_output("exit_daemon", ""); }

const support::program from_a_thread("exit_from_a_thread", [] {
  while_it_runs({}, [] { say("stopped\n"); });
  park::thread other([] { std::exit(5); });
  other.join();
  return 6;
});
TEST(thread_exit, waits_for_nobody_where_a_thread_of_park_calls_it) { expect_output("exit_from_a_thread", "", 5); }

const support::program from_a_foreign_thread("exit_from_a_foreign_thread", [] {
  while_it_runs({}, [] { say_late("stopped\n"); });
  std::thread([] { std::exit(7); }).join();
  return 6;
});
TEST(thread_exit, waits_in_a_thread_of_std_too) { expect_output("exit_from_a_foreign_thread", "stopped\n", 7); }

const support::program quickly("exit_quickly", []() -> int {
  while_it_runs({}, [] { say("stopped\n"); });
  std::_Exit(8);
});
TEST(thread_exit, of_the_quick_kind_waits_for_nobody) { expect_output("exit_quickly", "", 8); }

const support::program static_object("exit_static_object", [] {
  static std::optional<park::thread> of_static_life;
  of_static_life.emplace([](const std::stop_token& stop) {
    sleep_for_ever(stop);
    say_late("stopped\n");
  });
  return 0;
});
TEST(thread_exit, leaves_a_static_object_a_thread_to_join) { expect_output("exit_static_object", "stopped\n"); }

const support::program static_object_of_who_exits("exit_static_object_of_who_exits", [] {
  static std::optional<park::thread> of_static_life;
  park::event made;
  of_static_life.emplace([&] {
    made.wait();
    std::exit(9);
  });
  made.set();
  never.wait();
  return 6;
});
TEST(thread_exit, destroys_the_object_of_the_thread_that_calls_it) {
  expect_output("exit_static_object_of_who_exits", "", 9);
}

}  // namespace
