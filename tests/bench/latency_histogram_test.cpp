// bench::latency_histogram: any duration, to 3%.
#include "harness/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace {

using bench::latency_histogram;

constexpr double precision = 0.03;

void expect_near(double expected, double found) { EXPECT_NEAR(expected, found, precision * expected); }

TEST(latency_histogram, percentiles_of_known_data) {
  latency_histogram histogram;
  for (std::uint64_t duration = 1; duration <= 100'000; ++duration) histogram.record(duration);
  EXPECT_EQ(100'000u, histogram.count());
  EXPECT_EQ(100'000u, histogram.greatest());
  for (const double quantile : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    expect_near(quantile * 100'000, histogram.at(quantile));
  }
}

TEST(latency_histogram, one_slow_in_a_thousand_shows_above_its_rank_and_not_below) {
  latency_histogram histogram;
  for (int fast = 0; fast < 999; ++fast) histogram.record(20);
  histogram.record(1'000'000);
  EXPECT_EQ(20, histogram.at(0.5));
  EXPECT_EQ(20, histogram.at(0.999));
  expect_near(1'000'000, histogram.at(1.0));
}

TEST(latency_histogram, empty) {
  const latency_histogram histogram;
  EXPECT_EQ(0u, histogram.count());
  EXPECT_EQ(0u, histogram.greatest());
}

TEST(latency_histogram, one_value_is_every_percentile_and_none_is_above_it) {
  for (const std::uint64_t value : {0u, 1u, 31u, 32u, 33u, 63u, 64u, 1000u, 4'000'000'000u}) {
    latency_histogram histogram;
    histogram.record(value);
    for (const double quantile : {0.001, 0.5, 1.0}) {
      expect_near(static_cast<double>(value), histogram.at(quantile));
      EXPECT_LE(histogram.at(quantile), static_cast<double>(value));
    }
  }
}

TEST(latency_histogram, huge_values_have_their_buckets) {
  for (const std::uint64_t value : {std::uint64_t{1} << 40, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    latency_histogram histogram;
    histogram.record(value);
    expect_near(static_cast<double>(value), histogram.at(1.0));
    EXPECT_EQ(value, histogram.greatest());
  }
}

TEST(latency_histogram, every_power_of_two_and_its_neighbours_keep_the_precision) {
  for (unsigned bit = 1; bit < 64; ++bit) {
    for (const std::uint64_t value :
         {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit, (std::uint64_t{1} << bit) + 1}) {
      latency_histogram histogram;
      histogram.record(value);
      histogram.record(std::numeric_limits<std::uint64_t>::max());  // so that no percentile is cut at the greatest
      expect_near(static_cast<double>(value), histogram.at(0.5));
    }
  }
}

TEST(latency_histogram, merged_is_as_if_recorded_in_one) {
  latency_histogram one, other, whole;
  for (std::uint64_t duration = 0; duration < 10'000; ++duration) {
    (duration % 3 == 0 ? one : other).record(duration * duration);
    whole.record(duration * duration);
  }
  one.merge(other);
  EXPECT_EQ(whole.count(), one.count());
  EXPECT_EQ(whole.greatest(), one.greatest());
  for (const double quantile : {0.01, 0.5, 0.99, 1.0}) EXPECT_EQ(whole.at(quantile), one.at(quantile));
}

}  // namespace
