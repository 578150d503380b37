// What is measured between CPUs, and between which of many.
#include "core_to_core.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <set>
#include <vector>

#include "harness/pin_policy.hpp"
#include "platform/pinning.hpp"

namespace {

using bench::platform::topology;
using cpus = std::vector<unsigned>;

cpus first(unsigned count) {
  cpus all(count);
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

// As many systems number them: the second CPUs of all cores after all the first.
topology machine_of(unsigned nodes, unsigned caches, unsigned cores, unsigned threads) {
  topology machine;
  const unsigned all_cores = nodes * caches * cores;
  for (unsigned cpu = 0; cpu < all_cores * threads; ++cpu) {
    const unsigned core = cpu % all_cores, cache = core / cores, node = cache / caches;
    machine.cpus.push_back({cpu, core, node, node, cache, cache});
  }
  return machine;
}

TEST(sample, of_few_cpus_is_all_of_them) {
  for (const unsigned count : {1u, 2u, 16u}) EXPECT_EQ(first(count), bench::sample_of(first(count), 16));
  EXPECT_TRUE(bench::sample_of({}, 16).empty());
}

TEST(sample, of_many_is_as_large_as_allowed_and_has_no_cpu_twice) {
  for (const unsigned count : {17u, 33u, 64u, 255u, 256u, 1000u}) {
    const cpus sample = bench::sample_of(first(count), 16);
    EXPECT_EQ(16u, sample.size()) << count;
    EXPECT_EQ(16u, std::set<unsigned>(sample.begin(), sample.end()).size()) << count;
    EXPECT_LT(*std::max_element(sample.begin(), sample.end()), count);
  }
}

TEST(sample, of_256_cpus_has_pairs_of_every_kind) {
  const topology machine = machine_of(2, 8, 8, 2);
  for (const unsigned most : {16u, 32u}) {
    const cpus sample = bench::sample_of(bench::in_order_of_nearness(machine, first(256)), most);
    unsigned of_a_core = 0, of_a_cache = 0, of_a_node = 0, far = 0;
    for (std::size_t one = 0; one < sample.size(); ++one) {
      for (std::size_t other = one + 1; other < sample.size(); ++other) {
        const auto &here = machine.cpus[sample[one]], &there = machine.cpus[sample[other]];
        ++(here.core == there.core   ? of_a_core
           : here.llc == there.llc   ? of_a_cache
           : here.numa == there.numa ? of_a_node
                                     : far);
      }
    }
    EXPECT_GE(of_a_core, most / 2);
    EXPECT_GE(of_a_cache, most / 2);
    EXPECT_GE(of_a_node, most);
    EXPECT_GE(far, most);
  }
}

TEST(order_of_nearness, has_the_cpus_of_a_core_side_by_side_and_only_those_that_are_allowed) {
  const topology machine = machine_of(1, 2, 2, 2);  // cores of CPUs 0 and 4, 1 and 5, 2 and 6, 3 and 7
  EXPECT_EQ((cpus{0, 4, 1, 5, 2, 6, 3, 7}), bench::in_order_of_nearness(machine, first(8)));
  EXPECT_EQ((cpus{1, 5, 7}), bench::in_order_of_nearness(machine, {1, 5, 7}));
  EXPECT_EQ((cpus{3, 1}), bench::in_order_of_nearness({}, {3, 1}));
}

TEST(core_to_core, each_figure_is_above_zero) {
  const cpus allowed = bench::platform::allowed_cpus();
  if (allowed.empty()) GTEST_SKIP() << "this platform binds no thread to a CPU";
  const auto same = bench::wake(allowed[0], allowed[0], 5);
  ASSERT_TRUE(same);
  EXPECT_GT(same->unpark_ns, 0);
  EXPECT_GT(same->latency_ns, 0);
  if (allowed.size() < 2) return;
  const auto other = bench::wake(allowed[0], allowed[1], 5);
  ASSERT_TRUE(other);
  EXPECT_GT(other->unpark_ns, 0);
  EXPECT_GT(bench::hand_over(allowed[0], allowed[1]).value(), 0);
}

TEST(core_to_core, where_two_threads_share_a_cpu_a_hand_over_ends_all_the_same) {
  const cpus allowed = bench::platform::allowed_cpus();
  if (allowed.empty()) GTEST_SKIP() << "this platform binds no thread to a CPU";
  EXPECT_GT(bench::hand_over(allowed[0], allowed[0], std::chrono::nanoseconds(1)).value(), 0);
}

TEST(core_to_core, a_cpu_that_the_system_refuses_yields_nothing) {
  const cpus allowed = bench::platform::allowed_cpus();
  if (allowed.empty()) GTEST_SKIP() << "this platform binds no thread to a CPU";
  EXPECT_FALSE(bench::hand_over(allowed[0], 16000));
  EXPECT_FALSE(bench::wake(16000, allowed[0], 5));
}

}  // namespace
