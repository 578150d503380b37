// Every workload on every implementation that is built in, briefly: the workloads check what they measure.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "catalogue.hpp"

namespace {

constexpr bench::seconds window{0.005};

TEST(workloads, every_implementation_does_what_it_should) {
  for (const bench::implementation& one : bench::implementations()) {
    SCOPED_TRACE(one.name);
    EXPECT_NO_THROW(one.exercise());
  }
}

TEST(workloads, every_cell_finds_its_invariants_whole) {
  const unsigned cpus = std::max(1u, std::thread::hardware_concurrency());
  for (const bench::implementation& one : bench::implementations()) {
    for (const bench::cell& cell : one.cells) {
      if (cell.timed == nullptr) continue;
      SCOPED_TRACE(std::string(cell.about->name) + "/" + one.name);
      const bool sweeps = std::string_view(cell.about->threads) == "sweep";
      for (const unsigned threads : {cell.about->min_threads, 2u, 4u, 6u}) {
        if (threads % cell.about->threads_step != 0 || (cell.cpu_for_each && threads > cpus)) continue;
        if (threads < cell.about->min_threads) continue;
        const bench::measurement found = cell.timed({threads, window});
        EXPECT_GT(found.operations, 0u) << threads << " threads";
        EXPECT_GT(found.wall.count(), 0) << threads << " threads";
        if (!sweeps) break;
      }
    }
  }
}

// A broken semaphore is found out, or the two tests above mean nothing.
struct permissive {
  struct semaphore {
    explicit semaphore(std::ptrdiff_t) {}
    void acquire() {}
    bool try_acquire() { return true; }
    void release() {}
  };
};
struct forgetful {
  struct latch {
    explicit latch(std::ptrdiff_t) {}
    void count_down() {}
    void wait() {}
  };
  struct barrier {
    explicit barrier(std::ptrdiff_t) {}
    void arrive_and_wait() {}
  };
};
struct forgetful_barrier {
  using barrier = forgetful::barrier;
};

TEST(workloads, an_implementation_that_does_nothing_is_found_out) {
  EXPECT_THROW(bench::exercise<permissive>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<forgetful>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<forgetful_barrier>(), std::runtime_error);
}

TEST(workloads, scenes_find_out_threads_that_do_not_take_turns) {
  if (!bench::hand_off_scenes::available()) GTEST_SKIP() << "this process may use one CPU only";
  EXPECT_THROW(bench::hand_off_scenes::run<permissive>({2, window}), std::runtime_error);
  EXPECT_THROW(bench::barrier_scenes::run<forgetful_barrier>({2, window}), std::runtime_error);
}

TEST(workloads, what_each_library_has_is_there_and_what_it_lacks_is_not) {
  const std::map<std::string, std::map<std::string, bool>> expected{
      {"absl",
       {{"semaphore_contended", true}, {"latch_fan_in", true}, {"latch_fan_out", true}, {"barrier_phases", false}}},
      {"absl_when", {{"semaphore_contended", true}, {"latch_fan_in", false}, {"barrier_phases", false}}},
      {"boost", {{"semaphore_contended", false}, {"latch_fan_out", true}, {"barrier_phases", true}}},
      {"nsync", {{"semaphore_contended", true}, {"latch_fan_out", true}, {"barrier_phases", false}}},
      {"moodycamel", {{"semaphore_contended", true}, {"latch_fan_in", false}, {"barrier_phases", false}}},
      {"floor_spin",
       {{"semaphore_contended", true}, {"latch_fan_in", true}, {"latch_fan_out", false}, {"hand_off_one_cpu", false}}},
      {"floor_yield", {{"bounded_buffer", true}, {"latch_fan_out", false}}},
      {"floor_futex", {{"latch_fan_out", true}, {"barrier_phases", true}}},
  };
  for (const bench::implementation& one : bench::implementations()) {
    const auto known = expected.find(one.name);
    if (known == expected.end()) continue;
    for (const auto& [workload, there] : known->second) {
      const bool found = std::any_of(one.cells.begin(), one.cells.end(),
                                     [&](const bench::cell& cell) { return cell.about->name == workload; });
      EXPECT_EQ(there, found) << one.name << ", " << workload;
    }
  }
}

}  // namespace
