// Every workload on every implementation that is built in, briefly: the workloads check what they measure.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "catalogue.hpp"
#include "park/bounded_queue.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "park/semaphore.hpp"

namespace {

constexpr bench::seconds window{0.005};

// libstdc++'s semaphore may sleep for ever beside a free permit: it sleeps on a value that it read before it tried, which may be that of a
// permit which another thread has taken and given back since (GCC's bug 104928). A benchmark that hangs is ended and told as an error;
// here it would end all tests.
bool may_sleep_for_ever(const bench::implementation& one) { return std::string_view(one.title) == "std (libstdc++)"; }
bool uses_semaphores(const bench::workload& one) {
  const std::string_view name = one.name;
  return name.starts_with("semaphore") || name.starts_with("hand_off") || name.starts_with("long_wait") ||
         name == "bounded_buffer";
}

TEST(workloads, the_standard_library_does_what_it_should) {
  for (const bench::implementation& one : bench::implementations()) {
    if (may_sleep_for_ever(one))
      GTEST_SKIP() << "a thread that waits at its semaphore may sleep for ever: GCC's bug 104928";
    if (std::string_view(one.name) == "std") {
      EXPECT_NO_THROW(one.exercise());
    }
  }
}

TEST(workloads, every_implementation_does_what_it_should) {
  for (const bench::implementation& one : bench::implementations()) {
    if (may_sleep_for_ever(one)) continue;
    SCOPED_TRACE(one.name);
    EXPECT_NO_THROW(one.exercise());
  }
}

TEST(workloads, every_cell_finds_its_invariants_whole) {
  const unsigned cpus = std::max(1u, std::thread::hardware_concurrency());
  for (const bench::implementation& one : bench::implementations()) {
    for (const bench::cell& cell : one.cells) {
      if (cell.timed == nullptr || (may_sleep_for_ever(one) && uses_semaphores(*cell.about))) continue;
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
struct open_mutex {
  struct mutex {
    void lock() {}
    bool try_lock() { return true; }
    void unlock() {}
  };
};
struct impatient_event {
  struct event {
    void set() {}
    void wait() {}
  };
};
struct losing_queue {
  struct queue {
    explicit queue(std::size_t) {}
    void push(std::uint64_t) {}
    std::uint64_t pop() { return 0; }
  };
};
struct forging_queue {
  struct queue {
    explicit queue(std::size_t capacity) : items(capacity) {}
    void push(std::uint64_t item) { items.push(item > 0 ? item + 1 : 0); }
    std::uint64_t pop() { return items.pop().value(); }
    park::bounded_queue<std::uint64_t> items;
  };
};
struct early_timer {
  struct timer {
    timer(std::chrono::nanoseconds, bench::alarm call) { call(); }
    bool cancel() { return false; }
  };
};

struct open_recursive_mutex {
  using recursive_mutex = open_mutex::mutex;
};
struct unbounded_semaphore {
  using bounded_semaphore = park::counting_semaphore<>;
};
struct forgetful_countdown_latch {
  struct countdown_latch : forgetful::latch {
    using latch::latch;
    bool try_set_count(std::ptrdiff_t) { return true; }
  };
};
struct latch_of_one_round {
  struct countdown_latch : park::latch {
    using latch::latch;
    bool try_set_count(std::ptrdiff_t) { return false; }
  };
};
struct forgetful_cyclic_barrier {
  using cyclic_barrier = forgetful::barrier;
};
struct idle_thread {
  struct thread {
    explicit thread(bench::alarm) {}
    void join() {}
  };
};
// Which does not count how often it was locked.
struct flat_recursive_mutex {
  class recursive_mutex {
   public:
    void lock() {
      if (owner_ == std::this_thread::get_id()) return;
      mutex_.lock();
      owner_ = std::this_thread::get_id();
    }
    bool try_lock() {
      if (owner_ == std::this_thread::get_id()) return true;
      if (!mutex_.try_lock()) return false;
      owner_ = std::this_thread::get_id();
      return true;
    }
    void unlock() {
      if (owner_.exchange(std::thread::id()) != std::thread::id()) mutex_.unlock();
    }

   private:
    park::mutex mutex_;
    std::atomic<std::thread::id> owner_;
  };
};

TEST(workloads, an_implementation_that_does_nothing_is_found_out) {
  EXPECT_THROW(bench::exercise<permissive>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<forgetful>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<forgetful_barrier>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<open_mutex>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<impatient_event>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<losing_queue>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<early_timer>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<open_recursive_mutex>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<flat_recursive_mutex>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<unbounded_semaphore>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<forgetful_countdown_latch>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<latch_of_one_round>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<forgetful_cyclic_barrier>(), std::runtime_error);
  EXPECT_THROW(bench::exercise<idle_thread>(), std::runtime_error);
}

TEST(workloads, a_queue_that_forges_items_is_found_out_while_it_is_measured) {
  EXPECT_THROW(bench::queue_contended::run<forging_queue>({2, window}), std::runtime_error);
}

TEST(workloads, scenes_find_out_threads_that_do_not_take_turns) {
  if (!bench::hand_off_scenes::available()) GTEST_SKIP() << "this process may use one CPU only";
  EXPECT_THROW(bench::hand_off_scenes::run<permissive>({2, window}), std::runtime_error);
  EXPECT_THROW(bench::barrier_scenes::run<forgetful_barrier>({2, window}), std::runtime_error);
}

struct plain_mutex {
  struct mutex : std::mutex {};
};

// Whoever waits is told of, and so is what it has waited behind.
TEST(workloads, overtaking_tells_of_the_waits) {
  if (!bench::mutex_overtaking::available()) GTEST_SKIP() << "this process may use one CPU only";
  const bench::measurement found = bench::mutex_overtaking::run<plain_mutex>({3, window});
  EXPECT_GT(found.latency.count(), 0u);
  std::vector<std::string> counters;
  for (const auto& [counter, value] : found.figures) {
    if (!counter.ends_with("cpu_delay_ns")) counters.push_back(counter);
    EXPECT_GE(value, 0) << counter;
  }
  EXPECT_EQ((std::vector<std::string>{"longest_behind_ns", "most_overtakes", "most_late_overtakes"}), counters);
}

TEST(workloads, what_each_library_has_is_there_and_what_it_lacks_is_not) {
  const std::map<std::string, std::map<std::string, bool>> expected{
      {"park",
       {{"mutex_contended", true},
        {"queue_contended", true},
        {"timer_among_many", true},
        {"recursive_mutex_nested", true},
        {"bounded_semaphore_contended", true},
        {"countdown_latch_round", true},
        {"countdown_latch_fan_out", true},
        {"cyclic_barrier_phases", true},
        {"thread_start_join", true}}},
      {"std",
       {{"mutex_contended", true},
        {"event_fan_out", true},
        {"queue_contended", false},
        {"timer_alone", false},
        {"recursive_mutex_contended", true},
        {"bounded_semaphore_uncontended", false},
        {"countdown_latch_fan_in", true},
        {"countdown_latch_round", false},
        {"cyclic_barrier_uncontended", true},
        {"thread_start_join", true}}},
      {"condvar",
       {{"mutex_contended", false},
        {"event_hand_off_one_cpu", true},
        {"queue_contended", true},
        {"recursive_mutex_uncontended", false},
        {"bounded_semaphore_contended", true},
        {"countdown_latch_round", true},
        {"thread_start_join", false}}},
      {"posix",
       {{"recursive_mutex_nested", true},
        {"countdown_latch_count_down", false},
        {"cyclic_barrier_phases", true},
        {"thread_start_join", true}}},
      {"absl",
       {{"semaphore_contended", true},
        {"latch_fan_in", true},
        {"latch_fan_out", true},
        {"barrier_phases", false},
        {"countdown_latch_fan_out", true},
        {"cyclic_barrier_phases", false}}},
      {"absl_when", {{"semaphore_contended", true}, {"latch_fan_in", false}, {"barrier_phases", false}}},
      {"boost",
       {{"semaphore_contended", false},
        {"latch_fan_out", true},
        {"barrier_phases", true},
        {"recursive_mutex_nested", true},
        {"countdown_latch_count_down", true},
        {"cyclic_barrier_phases", true},
        {"thread_start_join", true}}},
      {"nsync", {{"event_fan_out", true}, {"event_hand_off_one_cpu", false}, {"barrier_phases", false}}},
      {"moodycamel", {{"semaphore_contended", true}, {"queue_contended", true}, {"barrier_phases", false}}},
      {"tbb", {{"mutex_contended", true}, {"queue_uncontended", true}, {"semaphore_contended", false}}},
      {"asio", {{"timer_among_many", true}, {"mutex_uncontended", false}}},
      {"floor_spin",
       {{"mutex_contended", true}, {"latch_fan_in", true}, {"event_fan_out", false}, {"hand_off_one_cpu", false}}},
      {"floor_yield",
       {{"bounded_buffer", true},
        {"latch_fan_out", false},
        {"mutex_overtaking", false},
        {"countdown_latch_fan_in", true},
        {"countdown_latch_fan_out", false}}},
      {"floor_futex", {{"condition_fan_out", true}, {"barrier_phases", true}}},
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
