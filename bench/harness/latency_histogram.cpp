#include "harness/latency_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace bench {

void latency_histogram::merge(const latency_histogram& other) noexcept {
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) buckets_[bucket] += other.buckets_[bucket];
  count_ += other.count_;
  greatest_ = std::max(greatest_, other.greatest_);
}

double latency_histogram::at(double quantile) const noexcept {
  const auto rank = static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) return std::min(middle_of(bucket), static_cast<double>(greatest_));
  }
  return static_cast<double>(greatest_);
}

double latency_histogram::middle_of(std::size_t bucket) noexcept {
  if (bucket < parts) return static_cast<double>(bucket);
  const auto shift = static_cast<int>(bucket / parts) - 1;
  const auto least = static_cast<double>(parts + bucket % parts);
  return std::ldexp(least, shift) + (std::ldexp(1.0, shift) - 1) / 2;
}

}  // namespace bench
