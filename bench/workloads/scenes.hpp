// Scenes: two threads work for each other without pause, while what is around them changes. A way of waiting that learns, or that keeps a
// thread where it is, may settle in a bad mode and stay there: this shows whether it leaves it, and how soon.
//
//   free              3 x the cell's seconds   the system places the threads
//   one_cpu           1 x                      both are pinned to one CPU
//   free_again        3 x
//   beside_a_program  2 x                      a thread that computes is there too
//   alone_again       3 x
//
// One operation: a message one way, or a phase of the barrier. ops and wall_s are those of free_again, the modes' trap. Each scene is cut
// into windows of 20 ms, of which are told: ns per operation of the median and of the slowest, how many there are, how many are slower
// than twice the median of `free`, and after how many windows the first was not.
// End: the first thread announces the last turn before it takes it, as in barrier_phases.hpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "harness/neutral_wait.hpp"
#include "harness/placement.hpp"
#include "platform/pinning.hpp"
#include "workloads/workload.hpp"

namespace bench {

// Nanoseconds per operation of the windows of one scene.
using windows = std::vector<double>;

inline double median_of(windows slow_and_fast) {
  const auto middle = slow_and_fast.begin() + static_cast<std::ptrdiff_t>(slow_and_fast.size() / 2);
  std::nth_element(slow_and_fast.begin(), middle, slow_and_fast.end());
  return *middle;
}

inline void tell(measurement& to, const std::string& scene, const windows& found, double usual) {
  const auto bad = [usual](double time) { return time > 2 * usual; };
  const auto first_good = std::find_if_not(found.begin(), found.end(), bad);
  to.figures.emplace_back(scene + "_median_ns", median_of(found));
  to.figures.emplace_back(scene + "_slowest_ns", *std::max_element(found.begin(), found.end()));
  to.figures.emplace_back(scene + "_windows", static_cast<double>(found.size()));
  to.figures.emplace_back(scene + "_bad_windows", static_cast<double>(std::count_if(found.begin(), found.end(), bad)));
  if (first_good != found.end()) {
    to.figures.emplace_back(scene + "_good_after", static_cast<double>(first_good - found.begin()));
  }
}

// Two threads that take turns, each of which is some operations. Game: lead(), follow(), operations.
template <class Game>
class play {
 public:
  play() {
    threads_.emplace_back([this] { lead(); });
    threads_.emplace_back([this] { follow(); });
  }

  ~play() { end(); }

  play(const play&) = delete;
  play& operator=(const play&) = delete;

  void pin_to(const std::vector<unsigned>& cpus) { cpus_->store(&cpus, std::memory_order_release); }

  windows watch(seconds duration) {
    windows found;
    for (const auto begin = clock::now(); found.empty() || clock::now() - begin < duration;) {
      const std::uint64_t before = operations();
      const auto start = clock::now();
      do nap(std::chrono::milliseconds(20));
      while (operations() == before);  // on a busy machine neither may have run
      const std::chrono::duration<double, std::nano> time = clock::now() - start;
      found.push_back(time.count() / static_cast<double>(operations() - before));
    }
    return found;
  }

  std::uint64_t operations() { return Game::operations * turns_->load(std::memory_order_relaxed); }

  // Throws unless the threads took turns.
  void end_well() {
    end();
    if (misplaced_) throw std::runtime_error("the system refused to pin a thread to a CPU");
    if (overtaken_) throw std::runtime_error("scenes broken: a thread ended a turn that the other had not begun");
  }

 private:
  using clock = std::chrono::steady_clock;

  void end() {
    over_->store(true, std::memory_order_relaxed);
    for (std::thread& each : threads_) {
      if (each.joinable()) each.join();
    }
  }

  // To where the director wants this thread, if it is not there.
  void move(const std::vector<unsigned>*& here) {
    const std::vector<unsigned>* const there = cpus_->load(std::memory_order_acquire);
    if (there == here) return;
    here = there;
    if (!platform::pin_to(*there)) misplaced_ = true;
  }

  void lead() {
    const std::vector<unsigned>* here = nullptr;
    for (std::uint64_t turn = 1;; ++turn) {
      move(here);
      const bool last = over_->load(std::memory_order_relaxed);
      if (last) last_turn_->store(turn, std::memory_order_relaxed);  // relaxed: published by the turn
      game_.lead();
      turns_->store(turn, std::memory_order_relaxed);
      compare(turn, *followed_);
      if (last) return;
    }
  }

  void follow() {
    const std::vector<unsigned>* here = nullptr;
    std::uint64_t turn = 0;
    do {
      move(here);
      game_.follow();
      followed_->store(++turn, std::memory_order_relaxed);
      compare(turn, *turns_);
    } while (turn < last_turn_->load(std::memory_order_relaxed));
  }

  // Now and then: the other has begun this turn too, so it has counted the one before.
  void compare(std::uint64_t turn, const std::atomic<std::uint64_t>& of_the_other) {
    if (turn % 64 == 0 && of_the_other.load(std::memory_order_relaxed) + 1 < turn) overtaken_ = true;
  }

  Game game_;
  isolated<std::atomic<std::uint64_t>> last_turn_{std::numeric_limits<std::uint64_t>::max()};
  isolated<std::atomic<std::uint64_t>> turns_{0u}, followed_{0u};
  isolated<std::atomic<bool>> over_{false};
  isolated<std::atomic<const std::vector<unsigned>*>> cpus_{nullptr};
  std::atomic<bool> misplaced_{false}, overtaken_{false};
  std::vector<std::thread> threads_;
};

// A thread that computes for as long as it lives.
class program {
 public:
  ~program() {
    over_.store(true, std::memory_order_relaxed);
    thread_.join();
  }

 private:
  std::atomic<bool> over_{false};
  std::thread thread_{[this] {
    while (!over_.load(std::memory_order_relaxed)) {
    }
  }};
};

template <class Game>
measurement through_all_scenes(seconds unit) {
  const std::vector<unsigned> all = platform::allowed_cpus(), one{one_cpu().value()};
  play<Game> pair;
  measurement found;
  pair.watch(unit / 4);  // to warm up
  const windows free = pair.watch(3 * unit);
  const double usual = median_of(free);
  tell(found, "free", free, usual);
  pair.pin_to(one);
  tell(found, "one_cpu", pair.watch(unit), usual);
  pair.pin_to(all);
  const std::uint64_t before = pair.operations();
  const auto begin = std::chrono::steady_clock::now();
  const windows again = pair.watch(3 * unit);
  found.wall = std::chrono::steady_clock::now() - begin;
  found.operations = pair.operations() - before;
  tell(found, "free_again", again, usual);
  std::optional<program> beside(std::in_place);
  tell(found, "beside_a_program", pair.watch(2 * unit), usual);
  beside.reset();
  tell(found, "alone_again", pair.watch(3 * unit), usual);
  pair.end_well();
  return found;
}

template <class Semaphore>
struct messages {
  static constexpr std::uint64_t operations = 2;

  void lead() {
    ping->release();
    pong->acquire();
  }
  void follow() {
    ping->acquire();
    pong->release();
  }

  isolated<Semaphore> ping{0}, pong{0};
};

template <class Barrier>
struct meetings {
  static constexpr std::uint64_t operations = 1;

  void lead() { barrier->arrive_and_wait(); }
  void follow() { barrier->arrive_and_wait(); }

  isolated<Barrier> barrier{2};
};

struct hand_off_scenes {
  static constexpr workload about{
      .name = "hand_off_scenes",
      .title = "Hand-off, once both threads have shared a CPU",
      .what =
          "Two threads send a message to and fro while they are free, pinned to one CPU, free again, beside a program",
      .unit = "message one way",
      .kind = "hand_off",
      .threads = "two",
      .on_demand = true};

  static constexpr bool shares_a_cpu = true;
  static bool available() { return platform::allowed_cpus().size() >= 2; }

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    return through_all_scenes<messages<typename Adaptor::semaphore>>(how.window);
  }
};

struct barrier_scenes {
  static constexpr workload about{
      .name = "barrier_scenes",
      .title = "Barrier, once both threads have shared a CPU",
      .what = "Two threads meet at a barrier while they are free, pinned to one CPU, free again, beside a program",
      .unit = "phase",
      .kind = "rounds",
      .threads = "two",
      .on_demand = true};

  static constexpr bool shares_a_cpu = true;
  static bool available() { return platform::allowed_cpus().size() >= 2; }

  template <has_barrier Adaptor>
  static measurement run(const settings& how) {
    return through_all_scenes<meetings<typename Adaptor::barrier>>(how.window);
  }
};

}  // namespace bench
