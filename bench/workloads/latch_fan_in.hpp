// Fan-in: T - 1 threads count a latch down, once each, and one thread waits: fork and join.
//
// One operation: one round, from the moment at which the waiting thread gives the starting signal to its return from
// wait(). That includes the signal's way to the others (one cache line; where there are more threads than CPUs also
// their turns at the CPU), which is the same for all implementations. Not included: making the latch, and waiting for
// all to stand ready again, which they do by polling. Because of that polling, CPU time and context switches say
// nothing here and are left out. wall_s is the sum of the rounds. End: the waiting thread gives the signal to leave
// instead of that to start.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>

#include "harness/neutral_wait.hpp"
#include "workloads/workload.hpp"

namespace bench {

template <class Latch>
class fan_in {
 public:
  explicit fan_in(unsigned threads) : team_(threads), cpu_for_each_(team_.has_cpu_for_each()) {}

  measurement run(seconds window) {
    team_.run(window, [this](worker& self) {
      if (self.index() == 0) {
        wait(self);
      } else {
        count_down(self);
      }
    });
    if (broken_) throw std::runtime_error("latch broken: a wait returned before all had counted down");
    measurement found = team_.found();
    found.operations = rounds_;
    found.wall = seconds(static_cast<double>(ticks_) * found.nanoseconds_per_tick * 1e-9);
    found.spent.cpu.reset();
    found.spent.context_switches.reset();
    return found;
  }

 private:
  static constexpr std::uint64_t leave = std::numeric_limits<std::uint64_t>::max();

  void wait(worker& self) {
    for (std::uint64_t round = 1;; ++round) {
      Latch& latch = latches_[round % 2]->emplace(static_cast<std::ptrdiff_t>(team_.size() - 1));
      poll_until([&] { return all_have_counted(round - 1); }, cpu_for_each_);
      if (!self.go_on() && rounds_ > 0) break;
      const bool recorded = !self.warming_up();
      const std::uint64_t begin = park::arch::ticks();
      started_->store(round, std::memory_order_release);  // release: the latch of this round is there
      latch.wait();
      const std::uint64_t end = park::arch::ticks();
      if (!all_have_started(round)) broken_ = true;
      if (recorded) self.record(end - begin), ticks_ += end - begin, ++rounds_;
      self.count(1);
    }
    started_->store(leave, std::memory_order_release);
  }

  // A worker's mark is the round that it has started.
  void count_down(worker& self) {
    for (std::uint64_t round = 1;; ++round) {
      poll_until([&] { return started_->load(std::memory_order_acquire) >= round; }, cpu_for_each_);
      if (started_->load(std::memory_order_acquire) == leave) break;
      self.mark(round);
      (*latches_[round % 2])->count_down();
      self.count(1);
    }
  }

  bool all_have_counted(std::uint64_t rounds) const {
    for (unsigned index = 1; index < team_.size(); ++index) {
      if (team_.member(index).operations() < rounds) return false;
    }
    return true;
  }

  bool all_have_started(std::uint64_t round) const {
    for (unsigned index = 1; index < team_.size(); ++index) {
      if (team_.member(index).marked() < round) return false;
    }
    return true;
  }

  team team_;
  const bool cpu_for_each_;
  isolated<std::atomic<std::uint64_t>> started_{0u};
  std::array<isolated<std::optional<Latch>>, 2> latches_;  // of this round and the next, in turn
  std::uint64_t rounds_ = 0, ticks_ = 0;
  bool broken_ = false;
};

struct latch_fan_in {
  static constexpr workload about{
      "latch_fan_in",
      "Latch, fan-in",
      "T - 1 threads count down once each, one waits; from the starting signal to its return",
      "round",
      "rounds",
      "sweep",
      2,
      1,
      {4}};

  template <has_latch Adaptor>
  static measurement run(const settings& how) {
    return fan_in<typename Adaptor::latch>(how.threads).run(how.window);
  }
};

}  // namespace bench
