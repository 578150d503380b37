// Fan-out: T - 1 threads wait at a latch, or what is made to look like one, asleep, and one counts it down.
//
// One operation: one round, from just before count_down() to the moment at which the last waiter has returned, by its
// own reading of the tick clock, which is one for all CPUs. The round begins once the waiters have gone quiet: none has
// used any CPU time while the opener took a nap. (An implementation whose waiters never sleep is measured after 200
// naps all the same.) wall_s is the sum of the rounds. CPU time and context switches are those of the waiters from one
// quiet moment to the next, so they include their way back to sleep, plus the opener's time in count_down().
// End: the opener announces the last round before it opens its latch; what it measures of that round is not counted.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include "harness/neutral_wait.hpp"
#include "platform/usage.hpp"
#include "workloads/workload.hpp"

namespace bench {

template <class Latch>
class fan_out {
 public:
  explicit fan_out(unsigned threads) : team_(threads), returned_(threads) { latches_[1]->emplace(1); }

  measurement run(seconds window) {
    team_.run(window, [this](worker& self) {
      if (self.index() == 0) {
        open(self);
      } else {
        wait(self);
      }
    });
    if (broken_) throw std::runtime_error("fan-out broken: a wait returned before it was to end");
    measurement found = team_.found();
    found.operations = rounds_;
    found.wall = seconds(static_cast<double>(ticks_) * found.nanoseconds_per_tick * 1e-9);
    found.spent = after_ - before_;
    if (found.spent.cpu) {
      const double opener = static_cast<double>(ticks_in_count_down_) * found.nanoseconds_per_tick;
      *found.spent.cpu += std::chrono::nanoseconds(static_cast<std::int64_t>(opener));
    }
    return found;
  }

 private:
  static constexpr std::chrono::microseconds one_nap{100};

  void open(worker& self) {
    for (std::uint64_t round = 1;; ++round) {
      while (least([](const worker& waiter) { return waiter.marked(); }) < round) nap(one_nap);
      latches_[(round + 1) % 2]->emplace(1);  // all have left it: they are at the other
      wait_for_quiet(self);
      const bool last = !self.go_on() && rounds_ > 0;
      const bool recorded = !last && !self.warming_up();
      if (recorded && rounds_ == 0) before_ = cost_of_waiters(self);
      if (last) after_ = cost_of_waiters(self), last_round_.store(round, std::memory_order_relaxed);
      open_one(self, round, recorded);
      if (last) break;
    }
  }

  void open_one(worker& self, std::uint64_t round, bool recorded) {
    Latch& latch = **latches_[round % 2];
    opened_.store(round, std::memory_order_relaxed);  // relaxed, as last_round_: published by the count_down
    const std::uint64_t begin = park::arch::ticks();
    latch.count_down();
    const std::uint64_t opened = park::arch::ticks();
    while (least([](const worker& waiter) { return waiter.operations(); }) < round) nap(one_nap);
    if (!recorded) return;
    std::uint64_t end = begin;
    for (unsigned index = 1; index < team_.size(); ++index) end = std::max(end, *returned_[index]);
    self.record(end - begin);
    ticks_ += end - begin;
    ticks_in_count_down_ += opened - begin;
    ++rounds_;
  }

  // A worker's mark is the round in which it waits.
  void wait(worker& self) {
    for (std::uint64_t round = 1;; ++round) {
      self.mark(round);
      (*latches_[round % 2])->wait();
      *returned_[self.index()] = park::arch::ticks();
      if (opened_.load(std::memory_order_relaxed) < round) broken_.store(true, std::memory_order_relaxed);
      const bool last = last_round_.load(std::memory_order_relaxed) == round;
      self.count(1);
      if (last) break;
    }
  }

  template <class Number>
  std::uint64_t least(Number number) const {
    std::uint64_t found = std::numeric_limits<std::uint64_t>::max();
    for (unsigned index = 1; index < team_.size(); ++index) found = std::min(found, number(team_.member(index)));
    return found;
  }

  // Threads that sleep use no CPU time.
  void wait_for_quiet(worker& self) {
    constexpr int most_naps = 200;
    const platform::uncounted_section harness;
    auto before = team_.cpu_time(self.index());
    for (int naps = 0; naps < most_naps; ++naps) {
      nap(before ? one_nap : 10 * one_nap);
      const auto after = team_.cpu_time(self.index());
      if (after == before) return;
      before = after;
    }
  }

  cost cost_of_waiters(worker& self) {
    const platform::uncounted_section harness;
    cost now{team_.cpu_time(self.index()), platform::context_switches(), platform::counted_system_calls()};
    if (now.context_switches) *now.context_switches -= platform::own_context_switches().value_or(0);
    return now;
  }

  team team_;
  std::vector<isolated<std::uint64_t>> returned_;          // ticks at each waiter's last return
  std::array<isolated<std::optional<Latch>>, 2> latches_;  // of this round and the next, in turn
  std::atomic<std::uint64_t> opened_{0}, last_round_{0};
  std::atomic<bool> broken_{false};
  cost before_, after_;
  std::uint64_t rounds_ = 0, ticks_ = 0, ticks_in_count_down_ = 0;
};

}  // namespace bench
