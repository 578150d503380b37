// hwloc's own made-up machines, through the body that reads the real one, and where threads would be pinned on them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "harness/pin_policy.hpp"
#include "platform/topology.hpp"

namespace {

using bench::pin_policy;
using bench::platform::topology;
using cpus = std::vector<unsigned>;

class synthetic : public ::testing::Test {
 protected:
  void TearDown() override { unsetenv("HWLOC_SYNTHETIC"); }

  static topology read(const char* description) {
    setenv("HWLOC_SYNTHETIC", description, 1);
    return bench::platform::read_topology();
  }

  static cpus pins(pin_policy policy, const topology& machine) {
    cpus all;
    for (const auto& one : machine.cpus) all.push_back(one.cpu);
    return bench::pins_of(policy, machine, all).cpus;
  }
};

TEST_F(synthetic, a_machine_of_one_cpu) {
  const topology machine = read("node:1 l3:1 core:1 pu:1");
  ASSERT_EQ(1u, machine.cpus.size());
  EXPECT_EQ((cpus{0}), pins(pin_policy::one, machine));
  EXPECT_TRUE(pins(pin_policy::cores, machine).empty());
}

TEST_F(synthetic, a_machine_of_two_cores) {
  const topology machine = read("node:1 l3:1 core:2 pu:1");
  EXPECT_EQ((cpus{0, 1}), pins(pin_policy::cores, machine));
  EXPECT_EQ((cpus{0, 1}), pins(pin_policy::llc, machine));
  EXPECT_TRUE(pins(pin_policy::siblings, machine).empty());
}

TEST_F(synthetic, a_machine_of_two_nodes_and_sixteen_cpus) {
  const topology machine = read("node:2 l3:2 core:2 pu:2");
  ASSERT_EQ(16u, machine.cpus.size());
  EXPECT_EQ((cpus{0, 2, 4, 6, 8, 10, 12, 14}), pins(pin_policy::cores, machine));
  EXPECT_EQ(16u, pins(pin_policy::siblings, machine).size());
  EXPECT_EQ((cpus{12, 14, 13, 15}), pins(pin_policy::llc, machine));
  EXPECT_EQ((cpus{0, 8, 2, 10, 4, 12, 6, 14, 1, 9, 3, 11, 5, 13, 7, 15}), pins(pin_policy::numa, machine));
  ASSERT_EQ(2u, machine.nodes.size());
  EXPECT_EQ((cpus{8, 9, 10, 11, 12, 13, 14, 15}), machine.nodes[1].cpus);
  ASSERT_EQ(1u, machine.caches.size());
  EXPECT_EQ(4u, machine.caches[0].instances);
  EXPECT_EQ((std::vector<cpus>{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}, {12, 13, 14, 15}}),
            machine.caches[0].sharers);
}

TEST_F(synthetic, a_machine_of_256_cpus) {
  const topology machine = read("package:2 node:1 l3:8 core:8 pu:2");
  ASSERT_EQ(256u, machine.cpus.size());
  EXPECT_EQ(128u, pins(pin_policy::cores, machine).size());
  EXPECT_EQ((cpus{240, 242, 244, 246, 248, 250, 252, 254, 241, 243, 245, 247, 249, 251, 253, 255}),
            pins(pin_policy::llc, machine));
  const cpus nodes = pins(pin_policy::numa, machine);
  ASSERT_EQ(256u, nodes.size());
  EXPECT_EQ((cpus{0, 128, 2, 130}), cpus(nodes.begin(), nodes.begin() + 4));
  std::set<unsigned> packages;
  for (const auto& one : machine.cpus) packages.insert(one.package.value());
  EXPECT_EQ(2u, packages.size());
}

TEST_F(synthetic, the_last_cache_before_memory_need_not_be_the_third) {
  const topology machine = read("node:1 l2:2 l1:2 core:1 pu:1");
  EXPECT_EQ((cpus{2, 3}), pins(pin_policy::llc, machine));
  EXPECT_FALSE(machine.cpus.at(0).l3);
}

}  // namespace
