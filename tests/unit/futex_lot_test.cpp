// park::futex_lot: which system calls it makes. Futex calls other than the expected one end the child they are made in.
#include "park/futex_lot.hpp"

#include <gtest/gtest.h>
#include <linux/futex.h>

#include <chrono>
#include <csignal>
#include <cstdint>

#include "park/deadline.hpp"
#include "support/child.hpp"
#include "support/system_calls.hpp"

namespace {

using namespace std::chrono_literals;
using park::deadline;
using park::futex_lot;

constexpr int wait_on_steady_clock = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;
constexpr int wait_on_system_clock = wait_on_steady_clock | FUTEX_CLOCK_REALTIME;

// How a child ends that parks until `until` where only `operation` is answered, as a timeout.
support::ended park_where_only(int operation, deadline until) {
  return support::with_futex_operation(operation, [&] {
    static const futex_lot::atomic<std::uint32_t> word{0};
    support::leave(futex_lot::park(futex_lot::whole(word), 0, until) ? 1 : 0);
  });
}

TEST(futex_lot, waits_on_the_monotonic_clock_and_privately) {
  EXPECT_EQ(0, park_where_only(wait_on_steady_clock, deadline::after(1h)).exit_code);
  EXPECT_EQ(SIGSYS, park_where_only(wait_on_system_clock, deadline::after(1h)).signal);
}

TEST(futex_lot, waits_for_the_system_clock_on_the_realtime_clock_which_follows_its_jumps) {
  EXPECT_EQ(0, park_where_only(wait_on_system_clock, deadline::at(std::chrono::system_clock::now() + 1h)).exit_code);
  EXPECT_EQ(SIGSYS, park_where_only(wait_on_steady_clock, deadline::at(std::chrono::system_clock::now() + 1h)).signal);
}

TEST(futex_lot, wakes_privately) {
  const auto child = support::with_futex_operation(FUTEX_WAKE | FUTEX_PRIVATE_FLAG, [] {
    static const futex_lot::atomic<std::uint32_t> word{0};
    futex_lot::unpark(futex_lot::whole(word), 1);
  });
  EXPECT_EQ(0, child.exit_code);
}

}  // namespace
