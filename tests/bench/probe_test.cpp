// park_bench --probe: what it prints can be read, and each figure of it is one.
#include "probe.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

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

TEST(probe, prints_figures_each_of_which_is_above_zero) {
  const json found = json::parse(bench::probe().dump());
  const std::size_t cpus = bench::platform::allowed_cpus().size();
  EXPECT_FALSE(found.at("machine").empty());
  EXPECT_EQ(2, expect_positive(found.at("relax"), "relax"));
  EXPECT_EQ(cpus * (cpus - 1) / 2, found.at("hand_over").size());
  for (const json& pair : found.at("hand_over")) EXPECT_GT(pair.at("ns").get<double>(), 0) << pair;
  EXPECT_EQ(cpus > 1 ? 4 : cpus > 0 ? 2 : 0, expect_positive(found.at("wake"), "wake"));
  EXPECT_EQ(cpus > 1, found.at("spin_budget_ns").at("by_the_rule").is_number());
  EXPECT_TRUE(found.at("spin_budget_ns").at("in_use").is_number());
}

}  // namespace
