// The first test: says what the others run on.
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "park/park.hpp"

namespace {

#if defined(PARK_FORCE_HASHED_LOT)
constexpr bool hashed_lot_is_forced = true;
#else
constexpr bool hashed_lot_is_forced = false;
#endif

TEST(environment, says_what_is_live) {
  std::cout << "lot:         " << park::native_lot::name << "\n"
            << "arch:        " << park::arch::name << "\n"
            << "relax:       " << park::relax_in_use() << "\n"
            << "usable CPUs: " << park::usable_cpus() << "\n"
            << "spin budget: " << park::spin_budget().count() << " ns\n"
            << "sizes:       latch " << sizeof(park::latch) << ", semaphore " << sizeof(park::counting_semaphore<>)
            << ", wide semaphore " << sizeof(park::counting_semaphore<PTRDIFF_MAX>) << ", barrier "
            << sizeof(park::barrier<>) << std::endl;
  const std::string best = PARK_HAS_FUTEX ? "futex" : PARK_HAS_ADDRESS_LOT ? "address" : "hashed";
  EXPECT_EQ(hashed_lot_is_forced ? "hashed" : best, park::native_lot::name);
  EXPECT_NE("", std::string(park::arch::name));
  EXPECT_GE(park::usable_cpus(), 1u);
}

}  // namespace
