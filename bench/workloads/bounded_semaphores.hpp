// Bounded semaphores: what uncontended.hpp and contended_semaphore.hpp do, with each release checked.
#pragma once

#include "workloads/contended_semaphore.hpp"
#include "workloads/workload.hpp"

namespace bench {

// One operation: one acquire and one release, of a semaphore of 1.
struct bounded_semaphore_uncontended {
  static constexpr workload about{"bounded_semaphore_uncontended",
                                  "Bounded semaphore, uncontended",
                                  "One thread acquires and releases; nobody waits",
                                  "acquire+release pair",
                                  "uncontended",
                                  "one"};

  template <has_bounded_semaphore Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::bounded_semaphore> semaphore(1);
    benchmark::DoNotOptimize(&*semaphore);
    const loop_meter meter;
    for (auto _ : state) {
      semaphore->acquire();
      semaphore->release();
    }
    meter.report_to(state);
    check_permits(*semaphore, 1);
  }
};

struct bounded_semaphore_contended {
  static constexpr workload about{
      "bounded_semaphore_contended",
      "Bounded semaphore of 1, contended",
      "All threads acquire and release the one permit; a shared counter is incremented inside",
      "acquire+release pair",
      "contended",
      "sweep",
      1,
      1,
      {4},
      true};

  template <has_bounded_semaphore Adaptor>
  static measurement run(const settings& how) {
    return share_one_permit<typename Adaptor::bounded_semaphore>(how);
  }
};

}  // namespace bench
