// What runs on park makes no futex call where nobody waits; one source, compiled with the overlay and without.
#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>

#include "overlay/sides.hpp"
#include "platform/system_call_counter.hpp"
#include "support/child.hpp"
#include "support/system_calls.hpp"

namespace {

namespace platform = bench::platform;

constexpr int rounds = 1000;

class overlay_futex_calls : public testing::Test {
 protected:
  void SetUp() override {
    if (!support::atomics_make_no_system_calls())
      GTEST_SKIP() << "this sanitizer makes system calls of its own for work on atomics";
    const support::ended child = support::in_child([] {
      try {
        platform::install_system_call_counter();
      } catch (const std::runtime_error& error) {
        std::cout << error.what() << std::endl;
        support::leave(1);
      }
    });
    if (child.exit_code != 0) GTEST_SKIP() << "system calls cannot be counted here: " << child.output;
  }

  // How many futex calls `use` makes, counted in a child.
  static std::uint64_t counted(void (*use)(int)) {
    const support::ended child = support::in_child([use] {
      platform::install_system_call_counter();
      {
        const platform::counted_section counted;
        use(rounds);
      }
      std::cout << platform::counted_system_calls().value().futex << std::endl;
    });
    EXPECT_EQ(0, child.exit_code) << child.output;
    return std::stoull(child.output);
  }
};

TEST_F(overlay_futex_calls, a_semaphore_makes_none) { EXPECT_EQ(0U, counted(sides::with_overlay.semaphore)); }
TEST_F(overlay_futex_calls, a_latch_makes_none) { EXPECT_EQ(0U, counted(sides::with_overlay.latch)); }
TEST_F(overlay_futex_calls, a_barrier_makes_none) { EXPECT_EQ(0U, counted(sides::with_overlay.barrier)); }

TEST_F(overlay_futex_calls, without_it_each_release_of_a_semaphore_makes_one) {
  const std::uint64_t calls = counted(sides::without_overlay.semaphore);
  if (calls == 0) GTEST_SKIP() << "this standard library makes none either";
  EXPECT_EQ(static_cast<std::uint64_t>(rounds), calls);
}

}  // namespace
