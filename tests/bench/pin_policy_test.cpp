// Pin policies: to which CPUs threads go, on machines of 1 to 256 CPUs that are made up, and that they are bound to them on this one.
#include "harness/pin_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "harness/team.hpp"
#include "platform/pinning.hpp"

namespace {

using bench::pin_list;
using bench::pin_policy;
using bench::pins_of;
using bench::platform::cpu_place;
using bench::platform::topology;
using cpus = std::vector<unsigned>;

// A machine whose parts are all alike: so many nodes, caches of each node, cores of each cache and CPUs of each core, numbered in this order.
struct shape {
  unsigned nodes, caches, cores, threads;

  topology build() const {
    topology machine;
    for (unsigned cpu = 0; cpu < nodes * caches * cores * threads; ++cpu) {
      const unsigned core = cpu / threads, cache = core / cores, node = cache / caches;
      machine.cpus.push_back({cpu, core, node, node, cache, cache});
    }
    return machine;
  }
};

cpus all_of(const topology& machine) {
  cpus all;
  for (const cpu_place& one : machine.cpus) all.push_back(one.cpu);
  return all;
}

pin_list pins(pin_policy policy, const topology& machine) { return pins_of(policy, machine, all_of(machine)); }

const cpu_place& place_of(const topology& machine, unsigned cpu) { return machine.cpus.at(cpu); }

void expect_refused(const pin_list& found, const std::string& why) {
  EXPECT_TRUE(found.cpus.empty());
  EXPECT_NE(std::string::npos, found.why_not.find(why)) << found.why_not;
}

TEST(pin_policy, each_has_a_name_by_which_it_is_found) {
  for (const pin_policy one : bench::all_pin_policies) EXPECT_EQ(one, bench::find_pin_policy(bench::name_of(one)));
  EXPECT_FALSE(bench::find_pin_policy("core"));
  EXPECT_FALSE(bench::find_pin_policy(""));
}

TEST(pin_policy, none_binds_nothing_and_is_always_there) {
  const pin_list found = pins(pin_policy::none, {});
  EXPECT_TRUE(found.cpus.empty());
  EXPECT_EQ("", found.why_not);
}

TEST(pin_policy, on_one_cpu_all_go_there_and_nothing_else_can_be_had) {
  const topology machine = shape{1, 1, 1, 1}.build();
  EXPECT_EQ((cpus{0}), pins(pin_policy::one, machine).cpus);
  expect_refused(pins(pin_policy::cores, machine), "one core only");
  expect_refused(pins(pin_policy::siblings, machine), "no core has two CPUs");
  expect_refused(pins(pin_policy::llc, machine), "no two CPUs");
  expect_refused(pins(pin_policy::numa, machine), "1 NUMA node");
}

TEST(pin_policy, on_two_cores_there_are_cores_and_a_cache_but_no_siblings_and_no_nodes) {
  const topology machine = shape{1, 1, 2, 1}.build();
  EXPECT_EQ((cpus{0, 1}), pins(pin_policy::cores, machine).cpus);
  EXPECT_EQ((cpus{0, 1}), pins(pin_policy::llc, machine).cpus);
  EXPECT_EQ((cpus{1}), pins(pin_policy::one, machine).cpus);
  expect_refused(pins(pin_policy::siblings, machine), "no core has two CPUs");
  expect_refused(pins(pin_policy::numa, machine), "1 NUMA node");
}

TEST(pin_policy, on_two_cpus_of_one_core_there_are_siblings_and_a_cache_but_no_cores) {
  const topology machine = shape{1, 1, 1, 2}.build();
  EXPECT_EQ((cpus{0, 1}), pins(pin_policy::siblings, machine).cpus);
  EXPECT_EQ((cpus{0, 1}), pins(pin_policy::llc, machine).cpus);
  expect_refused(pins(pin_policy::cores, machine), "one core only");
}

TEST(pin_policy, on_sixteen_cpus) {
  const topology machine = shape{2, 2, 2, 2}.build();
  EXPECT_EQ((cpus{0, 2, 4, 6, 8, 10, 12, 14}), pins(pin_policy::cores, machine).cpus);
  EXPECT_EQ((cpus{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}), pins(pin_policy::siblings, machine).cpus);
  EXPECT_EQ((cpus{12, 14, 13, 15}), pins(pin_policy::llc, machine).cpus);  // one of each core first
  EXPECT_EQ((cpus{0, 8, 2, 10, 4, 12, 6, 14, 1, 9, 3, 11, 5, 13, 7, 15}), pins(pin_policy::numa, machine).cpus);
  EXPECT_EQ((cpus{15}), pins(pin_policy::one, machine).cpus);
}

// As many systems number them: the second CPUs of all cores after all the first.
TEST(pin_policy, the_numbers_of_siblings_need_not_be_neighbours) {
  topology machine;
  for (unsigned cpu = 0; cpu < 8; ++cpu) machine.cpus.push_back({cpu, cpu % 4, 0, 0, 0, 0});
  EXPECT_EQ((cpus{0, 1, 2, 3}), pins(pin_policy::cores, machine).cpus);
  EXPECT_EQ((cpus{0, 4, 1, 5, 2, 6, 3, 7}), pins(pin_policy::siblings, machine).cpus);
  EXPECT_EQ((cpus{0, 1, 2, 3, 4, 5, 6, 7}), pins(pin_policy::llc, machine).cpus);
}

TEST(pin_policy, on_256_cpus_the_lists_have_what_their_names_say) {
  const topology machine = shape{2, 8, 8, 2}.build();
  const cpus cores = pins(pin_policy::cores, machine).cpus, siblings = pins(pin_policy::siblings, machine).cpus,
             cache = pins(pin_policy::llc, machine).cpus, nodes = pins(pin_policy::numa, machine).cpus;
  EXPECT_EQ(128u, cores.size());
  std::set<unsigned> different;
  for (const unsigned cpu : cores) different.insert(*place_of(machine, cpu).core);
  EXPECT_EQ(128u, different.size());
  ASSERT_EQ(256u, siblings.size());
  for (std::size_t index = 0; index < siblings.size(); index += 2) {
    EXPECT_EQ(place_of(machine, siblings[index]).core, place_of(machine, siblings[index + 1]).core);
  }
  EXPECT_EQ(16u, cache.size());
  for (const unsigned cpu : cache) EXPECT_EQ(place_of(machine, cache[0]).llc, place_of(machine, cpu).llc);
  ASSERT_EQ(256u, nodes.size());
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    EXPECT_EQ(index % 2, *place_of(machine, nodes[index]).numa);
  }
  EXPECT_EQ((cpus{255}), pins(pin_policy::one, machine).cpus);
}

TEST(pin_policy, only_cpus_that_the_process_may_use_are_taken) {
  const topology machine = shape{2, 2, 2, 2}.build();
  EXPECT_EQ((cpus{1, 6}), pins_of(pin_policy::cores, machine, {1, 6, 7}).cpus);
  EXPECT_EQ((cpus{6, 7}), pins_of(pin_policy::siblings, machine, {1, 6, 7}).cpus);
  EXPECT_EQ((cpus{6, 7}), pins_of(pin_policy::llc, machine, {1, 6, 7}).cpus);
  EXPECT_EQ((cpus{7}), pins_of(pin_policy::one, machine, {1, 6, 7}).cpus);
  EXPECT_EQ((cpus{0, 9, 2}), pins_of(pin_policy::numa, machine, {0, 2, 9}).cpus);
  expect_refused(pins_of(pin_policy::numa, machine, {1, 6, 7}), "1 NUMA node");
  expect_refused(pins_of(pin_policy::siblings, machine, {1, 6, 8}), "no core has two CPUs");
  expect_refused(pins_of(pin_policy::llc, machine, {1, 6, 8}), "no two CPUs");
  expect_refused(pins_of(pin_policy::cores, machine, {6, 7}), "one core only");
}

TEST(pin_policy, what_is_not_known_of_a_machine_is_said_and_one_cpu_is_always_had) {
  topology machine;
  for (unsigned cpu = 0; cpu < 4; ++cpu) machine.cpus.push_back({cpu, {}, {}, {}, {}, {}});
  expect_refused(pins(pin_policy::cores, machine), "which CPUs form a core is not known");
  expect_refused(pins(pin_policy::siblings, machine), "which CPUs form a core is not known");
  expect_refused(pins(pin_policy::llc, machine), "share a last-level cache is not known");
  expect_refused(pins(pin_policy::numa, machine), "NUMA node is not known");
  EXPECT_EQ((cpus{3}), pins(pin_policy::one, machine).cpus);
  expect_refused(pins_of(pin_policy::cores, {}, {0, 1}), "is not known");
  EXPECT_EQ((cpus{1}), pins_of(pin_policy::one, {}, {0, 1}).cpus);
  expect_refused(pins_of(pin_policy::one, machine, {}), "binds no thread");
}

TEST(pinned_team, each_thread_runs_on_the_cpu_of_its_turn_alone) {
  const cpus allowed = bench::platform::allowed_cpus();
  if (allowed.empty()) GTEST_SKIP() << "this platform binds no thread to a CPU";
  const bench::scoped_pins here(allowed);
  std::atomic<unsigned> elsewhere{0};
  bench::team members(static_cast<unsigned>(2 * allowed.size() + 1));
  members.run(bench::seconds(0.005), [&](bench::worker& self) {
    if (bench::platform::allowed_cpus() != cpus{allowed[self.index() % allowed.size()]}) elsewhere.fetch_add(1);
    while (self.go_on()) self.perform([] {});
  });
  EXPECT_EQ(0u, elsewhere.load());
  EXPECT_EQ(members.size(), here.bound());
  EXPECT_EQ(allowed, bench::platform::allowed_cpus());  // of the thread that runs the team
}

TEST(pinned_team, has_a_cpu_for_each_only_where_the_list_does) {
  const cpus allowed = bench::platform::allowed_cpus();
  if (allowed.empty()) GTEST_SKIP() << "this platform binds no thread to a CPU";
  const bench::scoped_pins here({allowed.back()});
  EXPECT_TRUE(bench::team(1).has_cpu_for_each());
  EXPECT_FALSE(bench::team(2).has_cpu_for_each());
}

TEST(pinned_team, a_cpu_that_the_system_refuses_ends_the_run_and_is_reported) {
  if (bench::platform::allowed_cpus().empty()) GTEST_SKIP() << "this platform binds no thread to a CPU";
  const bench::scoped_pins nowhere({16000});
  bench::team members(2);
  try {
    members.run(bench::seconds(0.005), [](bench::worker&) {});
    FAIL() << "no exception came out";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string::npos, std::string(error.what()).find("CPU 16000")) << error.what();
  }
}

// Or the figures of a policy would be those of none.
TEST(pinned_team, every_cell_that_follows_pins_has_all_its_threads_bound) {
  const pin_list one = bench::pins_here(pin_policy::one);
  if (one.cpus.empty()) GTEST_SKIP() << one.why_not;
  std::set<std::string> seen;
  for (const bench::implementation& each : bench::implementations()) {
    if (std::string_view(each.name) != bench::own_implementation) continue;
    for (const bench::cell& cell : each.cells) {
      if (!cell.follows_pins) continue;
      SCOPED_TRACE(cell.about->name);
      const unsigned threads = std::max(2u, cell.about->min_threads);
      const bench::scoped_pins here(one.cpus);
      EXPECT_GT(cell.timed({threads, bench::seconds(0.005)}).operations, 0u);
      EXPECT_EQ(threads, here.bound());
      seen.insert(cell.about->name);
    }
  }
  EXPECT_TRUE(seen.contains("hand_off"));
  EXPECT_TRUE(seen.contains("semaphore_contended"));
  EXPECT_FALSE(seen.contains("hand_off_two_cpus"));
}

}  // namespace
