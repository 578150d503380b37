// What an adaptor is: one implementation of semaphore, latch and barrier behind the few members that the workloads use.
//
//   struct example {
//     static constexpr const char* name = "example";              // in benchmark names: letters, digits and _
//     static constexpr const char* title = "Example library 1.0"; // in tables and charts
//     using semaphore = ...;                                      // any of the three may be left out:
//     using latch = ...;                                          // its cells then do not exist
//     using barrier = ...;
//   };
//   const bool added = bench::add_implementation<example>();
//
// One such file in bench/adaptors, named in bench/CMakeLists.txt, adds an implementation to every workload that it can
// run.
#pragma once

#include <concepts>
#include <cstddef>

namespace bench {

template <class Adaptor>
concept has_semaphore = std::constructible_from<typename Adaptor::semaphore, std::ptrdiff_t> &&
                        requires(typename Adaptor::semaphore& semaphore) {
                          semaphore.acquire();
                          { semaphore.try_acquire() } -> std::same_as<bool>;
                          semaphore.release();
                        };

template <class Adaptor>
concept has_latch =
    std::constructible_from<typename Adaptor::latch, std::ptrdiff_t> && requires(typename Adaptor::latch& latch) {
      latch.count_down();
      latch.wait();
    };

template <class Adaptor>
concept has_barrier = std::constructible_from<typename Adaptor::barrier, std::ptrdiff_t> &&
                      requires(typename Adaptor::barrier& barrier) { barrier.arrive_and_wait(); };

}  // namespace bench
