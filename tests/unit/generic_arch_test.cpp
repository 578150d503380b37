// The back-end of a CPU that park knows nothing of, chosen here by PARK_FORCE_GENERIC_ARCH.
#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "park/arch/arch.hpp"

namespace {

TEST(generic_arch, is_the_one_chosen) { EXPECT_EQ(std::string_view("generic"), park::arch::name); }

TEST(generic_arch, relaxes_and_ticks) {
  const std::uint64_t begin = park::arch::ticks();
  std::uint64_t now = begin;
  while (now == begin) {
    park::arch::relax();
    now = park::arch::ticks();
  }
  EXPECT_GT(now, begin);
}

}  // namespace
