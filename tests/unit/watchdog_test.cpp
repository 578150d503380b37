// The tests' own watchdog: a test that hangs must die, with the stacks of its threads printed.
#include "support/watchdog.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

#include "park/latch.hpp"
#include "support/child.hpp"
#include "support/crew.hpp"
#include "support/program.hpp"
#include "support/stacks.hpp"

// Not in an unnamed namespace: their names must be found on the stacks.
namespace hanging {

park::latch closed(1);  // nobody opens them
park::basic_latch<park::hashed_lot> portable_closed(1);

[[gnu::noinline]] void sleep_for_ever() {
  closed.wait();
  portable_closed.count_down();  // so that the call above is no tail call
}

[[gnu::noinline]] void sleep_in_the_portable_lot_for_ever() {
  portable_closed.wait();
  closed.count_down();
}

std::atomic<bool> over{false};

[[gnu::noinline]] void run_for_ever() {
  while (!over.load(std::memory_order_relaxed)) {
  }
}

}  // namespace hanging

namespace {

const support::program hang("hang", [] {
  const support::watch watch("a test that hangs on purpose");
  support::crew crew;
  crew.add([] { hanging::sleep_for_ever(); });
  crew.add([] { hanging::sleep_in_the_portable_lot_for_ever(); });
  crew.add([] { hanging::run_for_ever(); });
  return 0;
});

const support::program finish("finish", [] {
  const support::watch watch("a test that ends");
  return 0;
});

const auto one_second = [] { setenv("PARK_TEST_SECONDS", "1", 1); };

TEST(watchdog, ends_a_test_that_hangs_with_the_stacks_of_all_threads) {
  if (!support::stacks_reach_below_signals())
    GTEST_SKIP() << "under this emulator, or C library, a stack ends at the signal by which it is asked for";
  const support::ended child = support::run_program("hang", one_second);
  EXPECT_EQ(SIGABRT, child.signal) << child.output;
  for (const char* const line : {"watchdog: a test that hangs on purpose has run for 1 s", "hanging::sleep_for_ever",
                                 "hanging::sleep_in_the_portable_lot_for_ever", "hanging::run_for_ever", "main",
                                 "watchdog: a test that hangs on purpose failed"}) {
    EXPECT_NE(std::string::npos, child.output.find(line)) << "no \"" << line << "\" in:\n" << child.output;
  }
}

TEST(watchdog, leaves_a_test_that_ends_alone) {
  const support::ended child = support::run_program("finish", one_second);
  EXPECT_EQ(0, child.exit_code) << child.output;
}

}  // namespace
