// latency_histogram: counts of durations in buckets whose width grows with the duration, so that 15 KiB hold any 64-bit
// value to 3%.
//
// Buckets: each power of two is cut into 32 equal parts (below 32, every value has its own). HdrHistogram does the
// same.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace bench {

class latency_histogram {
 public:
  void record(std::uint64_t duration) noexcept {
    ++buckets_[bucket_of(duration)];
    ++count_;
    if (duration > greatest_) greatest_ = duration;
  }

  void merge(const latency_histogram& other) noexcept;

  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t greatest() const noexcept { return greatest_; }

  // The duration that a share of `quantile` (above 0, at most 1) of all did not exceed, as the middle of its bucket.
  // Precondition: count() > 0.
  double at(double quantile) const noexcept;

 private:
  static constexpr unsigned parts_log2 = 5;
  static constexpr std::size_t parts = std::size_t{1} << parts_log2;
  static constexpr std::size_t buckets = (64 - parts_log2 + 1) * parts;

  static constexpr std::size_t bucket_of(std::uint64_t duration) noexcept {
    if (duration < parts) return duration;
    const auto shift = static_cast<unsigned>(std::bit_width(duration)) - 1 - parts_log2;
    return (shift + 1) * parts + (duration >> shift) - parts;
  }

  static double middle_of(std::size_t bucket) noexcept;

  std::array<std::uint64_t, buckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t greatest_ = 0;
};

}  // namespace bench
