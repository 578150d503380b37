// team: some threads that repeat an operation for a given time, and what came of it.
//
//   team sharers(8);
//   sharers.run(seconds(0.15), [&](worker& self) {
//     while (self.go_on()) self.perform([&] { semaphore.acquire(), semaphore.release(); });
//   });
//   report(state, sharers.found());
//
// Start: all threads have entered the body before anything is measured. They start evenly spread over the CPUs, so that
// what follows does not hang on where the system happened to create them; then they run wherever the system puts them,
// or, beneath a scoped_pins, where that puts them.
// They warm up for a fifth of the time that is measured, at most 100 ms.
//
// Window: it begins and ends when the calling thread, which sleeps in between, reads the clock and every worker's
// count; no worker needs to notice. Where fewer operations were completed than there are threads, it is prolonged until
// they are.
//
// Sampling: from the rate while warming up an interval is chosen at which the two reads of the tick clock take at most
// 2% of a worker's time, so slow operations are all timed and fast ones 1 in 64 at the least. A sample includes one
// read of the tick clock. It counts if it began within the window, however late it ended. Ticks are converted by a
// calibration against steady_clock over the whole run.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "harness/measurement.hpp"
#include "harness/worker.hpp"

namespace bench {

class team {
 public:
  explicit team(unsigned threads);

  using body = std::function<void(worker& self)>;

  // Runs `work` in each thread until it returns, which it must soon after go_on() has become false. Throws
  // std::runtime_error where not all threads can be started, and what a worker threw, once all have ended.
  void run(seconds window, const body& work);

  // Whether no two threads need share a CPU.
  bool has_cpu_for_each() const noexcept;

  unsigned size() const noexcept { return static_cast<unsigned>(workers_.size()); }
  const worker& member(unsigned index) const noexcept { return *workers_[index]; }

  // What run() found: the sum of all operations in the window.
  const measurement& found() const noexcept { return found_; }

  // Operations of one thread in the window, and in all.
  std::uint64_t operations_in_window(unsigned index) const noexcept { return in_window_[index]; }
  std::uint64_t operations_in_all() const noexcept;

  // What all threads but one of the team, or all, have used so far. For use by the workers and run(), while it runs.
  static constexpr unsigned nobody = ~0u;
  std::optional<std::chrono::nanoseconds> cpu_time(unsigned except = nobody);

 private:
  using clock = std::chrono::steady_clock;

  struct reading {
    clock::time_point time;
    std::vector<std::uint64_t> operations;
    std::uint64_t sum = 0;
  };

  void start(const body& work);
  void live(worker& self, const body& work);
  void direct(seconds window);
  bool failed() const noexcept { return failed_.load(std::memory_order_relaxed); }
  void choose_sampling_interval(const reading& begin, const reading& end);
  reading read() const;
  cost read_cost();
  void proceed_to(stage next);
  void dismiss(stage last);

  isolated<signals> signals_;
  // Polled: a mutex handed on among hundreds would take minutes, and libstdc++'s wait() may lose a wake where there is no futex.
  isolated<std::atomic<int>> start_{0};
  isolated<std::atomic<unsigned>> entered_{0u};
  std::vector<std::unique_ptr<worker>> workers_;
  std::vector<std::thread> threads_;
  std::vector<std::uint64_t> in_window_;
  measurement found_;
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;  // written by the worker that sets failed_, read once it has been joined
};

}  // namespace bench
