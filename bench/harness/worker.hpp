// worker: what one thread of a team does between its operations: ask whether to go on, count, and time a sample of
// them.
#pragma once

#include <atomic>
#include <cstdint>

#include "harness/isolated.hpp"
#include "harness/latency_histogram.hpp"
#include "park/arch/arch.hpp"

namespace bench {

// A team's course: threads gather, run unmeasured, run measured, and end; or are sent home, when not all could be
// started.
enum class stage : std::uint8_t { gathering, warming_up, measuring, over, cancelled };

// What the coordinator tells its workers. They only read it.
struct signals {
  std::atomic<stage> now{stage::gathering};
  std::atomic<std::uint32_t> sampling_interval{1};
};

class alignas(isolation) worker {
 public:
  worker(unsigned index, const signals& from_coordinator) noexcept
      : signals_(from_coordinator), random_(0x9E3779B97F4A7C15u * (index + 1)), index_(index) {}

  unsigned index() const noexcept { return index_; }

  // relaxed: the workloads order their own data; see each.
  bool go_on() const noexcept { return signals_.now.load(std::memory_order_relaxed) != stage::over; }
  bool measuring() const noexcept { return signals_.now.load(std::memory_order_relaxed) == stage::measuring; }
  bool warming_up() const noexcept { return signals_.now.load(std::memory_order_relaxed) == stage::warming_up; }

  // Does operation(), which counts as `operations`, and times it if its turn has come.
  template <class Operation>
  void perform(Operation&& operation, std::uint64_t operations = 1) {
    if (to_skip_ > 0) [[likely]] {
      --to_skip_;
      operation();
    } else {
      perform_timed(operation);
    }
    count(operations);
  }

  // release: what the worker did before is visible to whoever reads the count
  void count(std::uint64_t operations) noexcept {
    operations_.store(operations_.load(std::memory_order_relaxed) + operations, std::memory_order_release);
  }
  std::uint64_t operations() const noexcept { return operations_.load(std::memory_order_acquire); }

  // A second number for others to read; the workload says what it means.
  void mark(std::uint64_t value) noexcept { mark_.store(value, std::memory_order_release); }
  std::uint64_t marked() const noexcept { return mark_.load(std::memory_order_acquire); }

  void record(std::uint64_t ticks) noexcept { latency_.record(ticks); }
  const latency_histogram& latency() const noexcept { return latency_; }

 private:
  template <class Operation>
  void perform_timed(Operation& operation) {
    const bool recorded = measuring();
    const std::uint64_t begin = park::arch::ticks();
    operation();
    const std::uint64_t end = park::arch::ticks();
    if (recorded) record(end > begin ? end - begin : 0);
    to_skip_ = random_below(2 * signals_.sampling_interval.load(std::memory_order_relaxed) - 1);
  }

  // Intervals vary about their mean, lest they fall in step with a pattern in what is sampled. xorshift64.
  std::uint32_t random_below(std::uint32_t limit) noexcept {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return static_cast<std::uint32_t>((random_ >> 32) * limit >> 32);
  }

  const signals& signals_;
  std::atomic<std::uint64_t> operations_{0};
  std::atomic<std::uint64_t> mark_{0};
  std::uint64_t random_;
  std::uint32_t to_skip_ = 0;
  const unsigned index_;
  latency_histogram latency_;
};

}  // namespace bench
