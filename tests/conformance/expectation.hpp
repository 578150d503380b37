// A test of one sentence of the standard: [thread.latch], [thread.sema], [thread.barrier], with the library issues applied.
//
//   EXPECTATION(latch, of_zero_is_open) { EXPECT_TRUE(subject::latch(0).try_wait()); }
//
// Each holds of park. Where a standard library is known not to meet one, deviations.cpp says so and why; the test then runs in a child
// process and passes only if the library deviates as written.
#pragma once

#include <gtest/gtest.h>

namespace conformance {

// Runs the body of the current test.
void hold(void (*body)());

}  // namespace conformance

#define EXPECTATION(suite, name)                                     \
  static void expect_##suite##_##name();                             \
  TEST(suite, name) { conformance::hold(&expect_##suite##_##name); } \
  static void expect_##suite##_##name()
