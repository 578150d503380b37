// What the end of the process waits for, of the threads that park has started. Each program is a process of its own.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>

#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/native_lot.hpp"
#include "park/thread.hpp"
#include "support/child.hpp"
#include "support/program.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

constinit park::latch never(1);
constinit park::event began;

// To standard output at once, whatever the process has come to.
void say(std::string_view what) { static_cast<void>(!write(STDOUT_FILENO, what.data(), what.size())); }

void sleep_for_ever(const std::stop_token& stop) { static_cast<void>(never.wait(stop)); }

// Takes some time over it, so that who does not wait is gone before.
void say_late(std::string_view what) {
  std::this_thread::sleep_for(50ms);
  say(what);
}

struct says_when_destroyed {
  bool spoken = false;
  ~says_when_destroyed() {
    if (spoken) say("static destructor\n");
  }
};
says_when_destroyed before_any_thread;

template <class Function>
void while_it_runs(park::thread_options options, Function function) {
  park::thread(std::move(options), [function](std::stop_token stop) {
    began.set();
    sleep_for_ever(stop);
    function();
  }).detach();
  began.wait();
}

void expect_output(const char* program, const char* output, int exit_code = 0) {
  const support::ended ended = support::run_program(program, [] {});
  EXPECT_EQ(exit_code, ended.exit_code);
  EXPECT_EQ(output, ended.output);
}

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

// What std::exit() comes to in the child of a fork, once it has waited: not to the leak check of AddressSanitizer, which may find locks held
// by threads of the parent.
constinit bool in_the_child = false;

void leave_early() {
  std::atexit([] {
    if (in_the_child) support::leave(4);
  });
}

[[noreturn]] void exit_in_the_child() {
  in_the_child = true;
  std::exit(5);
}

template <class Lot>
void fork_beside_threads() {
  static constinit park::event go;  // on_its_own outlives this call
  const auto wait = [] { go.wait(); };
  park::basic_thread<Lot> joined(wait), ends(wait), on_its_own(wait);
  on_its_own.detach();
  static_cast<void>(joined.get_id());
  const support::ended child = support::in_child([&] {
    if (!joined.joinable() || joined.get_id() != std::thread::id()) support::leave(2);
    joined.join();
    if (joined.joinable()) support::leave(3);
    ends = park::basic_thread<Lot>();
    exit_in_the_child();
  });
  if (child.exit_code != 4) say("the child was not left to itself\n");
  go.set();
}

const support::program fork_beside("exit_fork_beside_threads", [] {
  leave_early();
#define PARK_TESTS_FORK(lot) fork_beside_threads<park::lot>();
  PARK_FOR_EACH_LOT(PARK_TESTS_FORK)
#undef PARK_TESTS_FORK
  return 0;
});
TEST(thread_exit, in_the_child_of_a_fork_waits_for_no_thread_of_the_parent) {
  expect_output("exit_fork_beside_threads", "");
}

const support::program fork_of_main("exit_fork_of_main", [] {
  leave_early();
  while_it_runs({}, [] { say("stopped\n"); });
  const support::ended child = support::in_child([] {
    began.clear();
    while_it_runs({}, [] { say_late("the child's\n"); });
    exit_in_the_child();
  });
  say(child.output);
  return child.exit_code;
});
TEST(thread_exit, waits_in_the_child_of_a_fork_for_its_own_threads) {
  if (support::thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer refuses threads in the child of a program that has several";
  expect_output("exit_fork_of_main", "the child's\nstopped\n", 4);
}

}  // namespace
