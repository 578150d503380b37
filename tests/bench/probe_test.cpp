// park_bench --probe: what it prints can be read, and each figure of it is one.
#include "probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "machine.hpp"
#include "platform/pinning.hpp"

namespace {

using json = nlohmann::ordered_json;

// Each number in it, of which there must be some.
int expect_positive(const json& values, const std::string& name) {
  int numbers = 0;
  for (const auto& [key, value] : values.items()) {
    const std::string path = name + "/" + key;
    if (value.is_structured()) {
      numbers += expect_positive(value, path);
    } else if (value.is_number()) {
      EXPECT_GT(value.get<double>(), 0) << path;
      ++numbers;
    }
  }
  return numbers;
}

// Each place of it that is off the diagonal holds a number above zero; so does the diagonal where it is told to.
void expect_full(const json& rows, std::size_t size, bool diagonal, const std::string& name) {
  ASSERT_EQ(size, rows.size()) << name;
  for (std::size_t row = 0; row < size; ++row) {
    ASSERT_EQ(size, rows[row].size()) << name;
    for (std::size_t column = 0; column < size; ++column) {
      if (row == column && !diagonal) {
        EXPECT_TRUE(rows[row][column].is_null()) << name;
      } else {
        EXPECT_GT(rows[row][column].get<double>(), 0) << name << " " << row << " " << column;
      }
    }
  }
}

TEST(probe, prints_figures_each_of_which_is_above_zero) {
  const json found = json::parse(bench::probe().dump());
  const std::size_t cpus = bench::platform::allowed_cpus().size();
  EXPECT_FALSE(found.at("machine").empty());
  EXPECT_EQ(2, expect_positive(found.at("relax"), "relax"));
  EXPECT_EQ(cpus > 1 ? 4 : cpus > 0 ? 2 : 0, expect_positive(found.at("wake"), "wake"));
  EXPECT_EQ(cpus > 1, found.at("spin_budget_ns").at("by_the_rule").is_number());
  EXPECT_TRUE(found.at("spin_budget_ns").at("in_use").is_number());
  const json &atomics = found.at("atomics"), &wakes = found.at("wakes");
  EXPECT_EQ(std::min<std::size_t>(cpus, 32), atomics.at("cpus").size());
  EXPECT_EQ(std::min<std::size_t>(cpus, 16), wakes.at("cpus").size());
  for (const json& note : found.at("notes")) {
    if (note.get<std::string>().find("there was time for") == 0) GTEST_SKIP() << note;
  }
  expect_full(atomics.at("ns"), atomics.at("cpus").size(), false, "atomics");
  expect_full(wakes.at("unpark_ns"), wakes.at("cpus").size(), true, "unpark");
  expect_full(wakes.at("latency_ns"), wakes.at("cpus").size(), true, "latency");
}

bool has_note(const json& found, const std::string& text) {
  const json& notes = found.at("notes");
  return std::any_of(notes.begin(), notes.end(),
                     [&](const json& note) { return note.get<std::string>().find(text) != std::string::npos; });
}

TEST(probe, on_one_cpu_says_that_there_is_no_other) {
  const std::vector<unsigned> allowed = bench::platform::allowed_cpus();
  if (allowed.empty()) GTEST_SKIP() << "this platform binds no thread to a CPU";
  ASSERT_TRUE(bench::platform::pin_to({allowed.back()}));
  const json found = json::parse(bench::probe().dump());
  bench::platform::pin_to(allowed);
  EXPECT_EQ(json::parse("[[null]]"), found.at("atomics").at("ns"));
  EXPECT_EQ(json::array({allowed.back()}), found.at("wakes").at("cpus"));
  EXPECT_GT(found.at("wakes").at("latency_ns")[0][0].get<double>(), 0);
  EXPECT_TRUE(found.at("wake").at("other_cpu").is_null());
  EXPECT_TRUE(has_note(found, "one CPU only"));
  EXPECT_EQ(allowed.size() > 1, has_note(found, "1 of the machine's"));
}

TEST(probe, says_what_limits_it) {
  const json cpus = json::array({0, 1, 2, 3});
  const auto limits = [&](const json& quota, const json& container, const std::vector<unsigned>& allowed) {
    const json machine{{"cpus", cpus}, {"cgroup_quota_cpus", quota}, {"container", container}};
    std::string all;
    for (const std::string& one : bench::limits_of(machine, allowed)) all += one + "\n";
    return all;
  };
  const auto has = [](const std::string& all, const char* text) { return all.find(text) != std::string::npos; };
  EXPECT_EQ("", limits(nullptr, nullptr, {0, 1, 2, 3}));
  EXPECT_TRUE(has(limits(1.5, nullptr, {0, 1, 2, 3}), "a quota allows the CPU time of 1.5 CPUs"));
  EXPECT_TRUE(has(limits(nullptr, "Docker", {0, 1, 2, 3}), "a container (Docker)"));
  EXPECT_TRUE(has(limits(nullptr, nullptr, {1, 2}), "2 of the machine's 4 CPUs"));
  EXPECT_FALSE(has(limits(nullptr, nullptr, {1, 2}), "one CPU only"));
  EXPECT_TRUE(has(limits(nullptr, nullptr, {3}), "one CPU only"));
  EXPECT_TRUE(has(limits(nullptr, nullptr, {}), "binds no thread"));
}

TEST(machine, tells_who_shares_each_cache_and_what_each_numa_node_has) {
  const json machine = json::parse(bench::describe_machine().dump());
  if (machine.at("cpus").empty()) GTEST_SKIP() << "nothing is known of this machine's topology";
  for (const json& cache : machine.at("caches")) {
    EXPECT_EQ(cache.at("instances").get<std::size_t>(), cache.at("sharers").size()) << cache;
    EXPECT_EQ(cache.at("shared_by_cpus").get<std::size_t>(), cache.at("sharers")[0].size()) << cache;
  }
  for (const json& node : machine.at("nodes")) {
    for (const json& cpu : machine.at("cpus")) {
      const auto& cpus = node.at("cpus");
      if (cpu.at("numa") == node.at("node")) {
        EXPECT_NE(cpus.end(), std::find(cpus.begin(), cpus.end(), cpu.at("cpu"))) << node;
      }
    }
  }
  EXPECT_GT(machine.at("clock_resolution_ns").get<double>(), 0);
}

}  // namespace
