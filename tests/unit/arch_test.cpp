// park::arch of the CPU that the tests run on: the back-end is its own, and does what arch.hpp says.
#include "park/arch/arch.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "support/eventually.hpp"

namespace {

TEST(arch, is_the_one_of_this_cpu) { EXPECT_EQ(std::string(PARK_TEST_ARCH), park::arch::name); }

TEST(arch, ticks_go_forward) {
  const std::uint64_t begin = park::arch::ticks();
  std::uint64_t last = begin;
  support::eventually([&] {
    const std::uint64_t now = park::arch::ticks();
    EXPECT_GE(now, last);
    last = now;
    return last > begin;
  });
}

// Whatever hint it gives, the thread gets its CPU back, and finds its memory as it left it.
TEST(arch, relax_returns_and_changes_nothing) {
  int count = 0;
  for (int times = 0; times < 1000; ++times) {
    park::arch::relax();
    ++count;
  }
  EXPECT_EQ(1000, count);
}

}  // namespace
