// The main function of the test executables.
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/program.hpp"
#include "support/watchdog.hpp"

int main(int argc, char** argv) {
  if (const support::program* const program = support::program::wanted(argc, argv)) return program->run();
  testing::InitGoogleTest(&argc, argv);
  // An emulated program cannot be started again by its name, as the other style does it.
  GTEST_FLAG_SET(death_test_style, std::getenv("PARK_TEST_EMULATOR") != nullptr ? "fast" : "threadsafe");
  testing::UnitTest::GetInstance()->listeners().Append(new support::watchdog);
  return RUN_ALL_TESTS();
}
