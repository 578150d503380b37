// Threads. One operation: one thread that has next to nothing to do, started and joined.
#pragma once

#include <atomic>
#include <stdexcept>

#include "workloads/workload.hpp"

namespace bench {

struct thread_start_join {
  static constexpr workload about{"thread_start_join",
                                  "Thread, start and join",
                                  "One thread starts another, which adds one to a number, and joins it",
                                  "thread started and joined",
                                  "uncontended",
                                  "one"};

  template <has_thread Adaptor>
  static void run(benchmark::State& state) {
    std::atomic<unsigned> rung{0};
    const loop_meter meter;
    for (auto _ : state) {
      typename Adaptor::thread thread(alarm{&rung});
      thread.join();
    }
    meter.report_to(state);
    if (rung != static_cast<unsigned>(state.iterations()))
      throw std::runtime_error("thread broken: not each has run once");
  }
};

}  // namespace bench
