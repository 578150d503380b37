// Overtaking: how long a thread waits for a mutex behind others that come later.
//
// The first thread has a CPU of its own, where it locks, works for 100 us, unlocks, and locks again at once: who is woken by the unlock
// finds the mutex held. All others share the neighbouring CPU and sleep for a millisecond between their locks, under which they do
// nothing: that CPU idles for most of the time. One operation: one lock, and the unlock that follows.
//
// The latencies are the lengths of the waits of these others. Of each of the following the greatest of all their waits is told:
//
//   longest_less_cpu_delay_ns  the length, less the time in which the thread could run but had no CPU; where the system tells that
//   longest_cpu_delay_ns       that time itself: where it is long, others may have waited for this thread, which had been woken first
//   longest_behind_ns          the time from the arrival until a thread that had arrived later took the mutex for the last time
//   most_overtakes             how often such a thread took it
//   most_late_overtakes        how often, once this one had waited for a millisecond
//
// Told of are the waits that end after the warm-up. One that lasts until the end of the run ends there, since the first thread then
// stops: it was so long at the least. Floors are left out: who is overtaken by whom is chance there.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/arrivals.hpp"
#include "harness/neutral_wait.hpp"
#include "harness/placement.hpp"
#include "harness/tick_clock.hpp"
#include "park/arch/arch.hpp"
#include "platform/pinning.hpp"
#include "platform/system_call_counter.hpp"
#include "platform/usage.hpp"
#include "workloads/hand_off.hpp"
#include "workloads/workload.hpp"

namespace bench {

template <class Mutex>
class barging {
 public:
  explicit barging(unsigned threads) : waits_(threads, ticks_in(std::chrono::milliseconds(1))), worst_(threads) {}

  void take_part(worker& self) {
    if (self.index() == 0) {
      barge(self);
    } else {
      come_and_go(self);
    }
  }

  // Throws unless each lock was had by one thread alone.
  void check(std::uint64_t operations) const {
    if (acquisitions_ != operations) throw std::runtime_error("mutual exclusion broken: some locks were not counted");
  }

  void tell(measurement& to) const {
    worst all;
    for (const isolated<worst>& one : worst_) all.include(one.value);
    const auto tell_ticks = [&to](const char* counter, std::uint64_t ticks) {
      to.figures.emplace_back(counter, static_cast<double>(ticks) * to.nanoseconds_per_tick);
    };
    if (all.delay_is_known) {
      tell_ticks("longest_less_cpu_delay_ns", all.less_cpu_delay);
      tell_ticks("longest_cpu_delay_ns", all.cpu_delay);
    }
    tell_ticks("longest_behind_ns", all.wait.behind);
    to.figures.emplace_back("most_overtakes", static_cast<double>(all.wait.overtakes));
    to.figures.emplace_back("most_late_overtakes", static_cast<double>(all.wait.late_overtakes));
  }

 private:
  // Of several waits, the greatest of each.
  struct worst {
    arrivals::wait wait;
    std::uint64_t less_cpu_delay = 0, cpu_delay = 0;
    bool delay_is_known = false;

    void include(const worst& other) {
      wait.behind = std::max(wait.behind, other.wait.behind);
      wait.overtakes = std::max(wait.overtakes, other.wait.overtakes);
      wait.late_overtakes = std::max(wait.late_overtakes, other.wait.late_overtakes);
      less_cpu_delay = std::max(less_cpu_delay, other.less_cpu_delay);
      cpu_delay = std::max(cpu_delay, other.cpu_delay);
      delay_is_known |= other.delay_is_known;
    }
  };

  static double measure_tick() {
    const tick_clock::calibration calibration;
    nap(std::chrono::milliseconds(5));
    return calibration.nanoseconds_per_tick();
  }

  std::uint64_t ticks_in(std::chrono::nanoseconds time) const {
    return static_cast<std::uint64_t>(static_cast<double>(time.count()) / nanoseconds_per_tick_);
  }

  static std::optional<std::chrono::nanoseconds> cpu_delay() {
    const platform::uncounted_section harness;
    return platform::own_cpu_delay();
  }

  // Arrives anew before it unlocks: there is nothing between the unlock and the next lock.
  void barge(worker& self) {
    const std::uint64_t work = ticks_in(std::chrono::microseconds(100));
    waits_.arrive(0, park::arch::ticks());
    while (self.go_on()) {
      mutex_->lock();
      const std::uint64_t begin = park::arch::ticks();
      waits_.take(0, begin);
      ++acquisitions_;
      std::uint64_t end = begin;
      while (end - begin < work) park::arch::relax(), end = park::arch::ticks();
      self.count(1);
      waits_.arrive(0, end);
      mutex_->unlock();
    }
  }

  void come_and_go(worker& self) {
    while (self.go_on()) {
      nap(std::chrono::milliseconds(1));
      const auto delay_before = cpu_delay();
      waits_.arrive(self.index(), park::arch::ticks());
      mutex_->lock();
      const arrivals::wait found = waits_.take(self.index(), park::arch::ticks());
      ++acquisitions_;
      mutex_->unlock();
      const auto delay_after = cpu_delay();
      self.count(1);
      if (self.warming_up()) continue;
      self.record(found.length);
      worst one{found};
      if (delay_before && delay_after) {
        one.cpu_delay = ticks_in(*delay_after - *delay_before);
        one.less_cpu_delay = found.length - std::min(found.length, one.cpu_delay);
        one.delay_is_known = true;
      }
      worst_[self.index()]->include(one);
    }
  }

  const double nanoseconds_per_tick_ = measure_tick();
  isolated<Mutex> mutex_;
  arrivals waits_;
  std::uint64_t acquisitions_ = 0;  // guarded by the mutex
  std::vector<isolated<worst>> worst_;
};

struct mutex_overtaking {
  static constexpr workload about{.name = "mutex_overtaking",
                                  .title = "Mutex, behind one that comes again and again",
                                  .what =
                                      "One thread locks a mutex without pause, on a CPU of its own; T - 1 come now and "
                                      "then, on another: their waits",
                                  .unit = "lock+unlock pair",
                                  .kind = "overtaking",
                                  .threads = "sweep",
                                  .min_threads = 2,
                                  .times_cpus = {1, 4, 16},
                                  .on_demand = true};

  static bool available() { return there_are_two_cpus(); }

  template <has_mutex Adaptor>
    requires(role_of<Adaptor>() != role::floor)
  static measurement run(const settings& how) {
    const std::pair<unsigned, unsigned> cpus = two_neighbouring_cpus().value();
    barging<typename Adaptor::mutex> scene(how.threads);
    std::atomic<bool> misplaced = false;
    team members(how.threads);
    members.run(how.window, [&](worker& self) {
      if (!platform::pin_to({self.index() == 0 ? cpus.first : cpus.second})) misplaced = true;
      scene.take_part(self);
    });
    if (misplaced) throw std::runtime_error("the system refused to pin a thread to a CPU");
    scene.check(members.operations_in_all());
    measurement found = members.found();
    scene.tell(found);
    return found;
  }
};

}  // namespace bench
