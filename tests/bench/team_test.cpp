// bench::team: who takes part, when, and what is counted.
#include "harness/team.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

#include "platform/usage.hpp"

namespace {

using namespace std::chrono_literals;
using bench::seconds;
using bench::team;
using bench::worker;

constexpr seconds window{0.02};

// How many members of a team saw the measurement begin before all of them had.
unsigned too_early(unsigned size) {
  std::atomic<unsigned> begun{0}, early{0};
  team members(size);
  members.run(window, [&](worker& self) {
    begun.fetch_add(1);
    while (!self.measuring() && self.go_on()) std::this_thread::yield();
    if (begun.load() < size) early.fetch_add(1);
    while (self.go_on()) self.perform([] { std::this_thread::yield(); });
  });
  EXPECT_EQ(size, begun.load());
  return early.load();
}

TEST(team, nothing_is_measured_before_all_members_have_begun) {
  for (const unsigned size : {1u, 2u, 7u, 64u}) {
    unsigned early = 1;
    for (int tries = 0; tries < 5 && early > 0; ++tries)
      early = too_early(size);  // a member may lose its CPU as it begins
    EXPECT_EQ(0u, early) << size;
  }
}

TEST(team, counts_every_operation_once_and_the_window_no_more_than_all) {
  team members(3);
  std::atomic<std::uint64_t> performed{0};
  members.run(window, [&](worker& self) {
    while (self.go_on()) self.perform([&] { performed.fetch_add(2); }, 2);
  });
  EXPECT_EQ(performed.load(), members.operations_in_all());
  EXPECT_GT(members.found().operations, 0u);
  EXPECT_LE(members.found().operations, performed.load());
  std::uint64_t of_each = 0;
  for (unsigned index = 0; index < members.size(); ++index) of_each += members.operations_in_window(index);
  EXPECT_EQ(members.found().operations, of_each);
}

TEST(team, the_window_is_as_long_as_asked_and_operations_take_as_long_as_they_do) {
  team members(2);
  members.run(seconds(0.1), [](worker& self) {
    while (self.go_on()) self.perform([] { std::this_thread::sleep_for(2ms); });
  });
  const bench::measurement& found = members.found();
  EXPECT_GE(found.wall.count(), 0.1);
  const double per_second = static_cast<double>(found.operations) / found.wall.count();
  EXPECT_LE(per_second, 2 / 0.002 * 1.1);
  EXPECT_GE(found.latency.at(0.5) * found.nanoseconds_per_tick, 1.9e6);  // no sleep is shorter than asked for
  ASSERT_TRUE(found.spent.cpu || !bench::platform::own_cpu_time());
}

TEST(team, a_window_without_operations_is_prolonged_until_there_are_some) {
  team members(2);
  members.run(seconds(0.002), [](worker& self) {
    while (self.go_on()) self.perform([] { std::this_thread::sleep_for(20ms); });
  });
  EXPECT_GE(members.found().operations, members.size());
}

TEST(team, an_exception_in_a_member_ends_the_run_and_is_reported) {
  for (const bool at_once : {true, false}) {
    team members(4);
    try {
      members.run(window, [&](worker& self) {
        if (at_once && self.index() == 2) throw std::runtime_error("member 2 broke down");
        while (self.go_on()) self.perform([] { std::this_thread::yield(); });
        if (self.index() == 2) throw std::runtime_error("member 2 broke down");
      });
      FAIL() << "no exception came out";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ("member 2 broke down", std::string(error.what()));
    }
  }
}

TEST(team, members_that_all_fail_before_they_did_anything_are_reported_too) {
  team members(3);
  EXPECT_THROW(members.run(window, [](worker&) { throw std::runtime_error("no"); }), std::runtime_error);
}

}  // namespace
