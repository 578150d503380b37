// What the end of the child of a fork waits for. Each program is a process of its own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "park/event.hpp"
#include "park/native_lot.hpp"
#include "park/thread.hpp"
#include "support/child.hpp"
#include "support/exiting.hpp"
#include "support/program.hpp"
#include "support/sanitizers.hpp"

namespace {

using support::began;
using support::expect_output;
using support::say;
using support::say_late;
using support::while_it_runs;

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
  if (!support::children_start_threads()) GTEST_SKIP() << "this emulator cannot start threads in the child of a fork";
  expect_output("exit_fork_of_main", "the child's\nstopped\n", 4);
}

}  // namespace
