// What an adaptor is: one implementation of what park has, behind the few members that the workloads use.
//
//   struct example {
//     static constexpr const char* name = "example";              // in benchmark names: letters, digits and _
//     static constexpr const char* title = "Example library 1.0"; // in tables and charts
//     static constexpr role part = role::peer;                    // may be left out: role::standard
//     using semaphore = ...;                                      // any of these may be left out:
//     using latch = ...;                                          // its cells then do not exist
//     using barrier = ...;
//     using gate = ...;                      // what many threads may wait at, where that is not the latch; void for none
//     using mutex = ...;
//     using monitor = ...;                   // a mutex and a condition variable
//     using event = ...;
//     using queue = ...;                     // of std::uint64_t
//     using timer = ...;
//     using recursive_mutex = ...;
//     using bounded_semaphore = ...;
//     using countdown_latch = ...;           // where there is none, the latch is measured in its place;
//     using cyclic_barrier = ...;            // likewise the barrier
//     using thread = ...;
//     static constexpr bool sleeps = false;  // its waiters keep a CPU each: no cells with more threads than CPUs
//   };
//   const bool added = bench::add_implementation<example>();
//
// One such file in bench/adaptors, named in bench/CMakeLists.txt, adds an implementation to every workload that it can
// run. It offers what the library has, and nothing that it lacks; where a title names what a primitive is made of, that
// is the library's own advice.
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace bench {

// standard: measured in every run. peer: a library that may be absent. floor: no library, but the least code that does
// the workload by one means.
enum class role { standard, peer, floor };

template <class Adaptor>
concept has_semaphore = std::constructible_from<typename Adaptor::semaphore, std::ptrdiff_t> &&
                        requires(typename Adaptor::semaphore& semaphore) {
                          semaphore.acquire();
                          { semaphore.try_acquire() } -> std::same_as<bool>;
                          semaphore.release();
                        };

template <class Latch>
concept counts_down = std::constructible_from<Latch, std::ptrdiff_t> && requires(Latch& latch) {
  latch.count_down();
  latch.wait();
};

template <class Adaptor>
concept has_latch = counts_down<typename Adaptor::latch>;

// A latch at which any number of threads may wait.
template <class Adaptor>
struct gate {
  using type = typename Adaptor::latch;
};
template <class Adaptor>
  requires requires { typename Adaptor::gate; }
struct gate<Adaptor> {
  using type = typename Adaptor::gate;
};
template <class Adaptor>
concept has_gate =
    (requires { typename Adaptor::gate; } || has_latch<Adaptor>) && counts_down<typename gate<Adaptor>::type>;

template <class Adaptor>
concept has_barrier = std::constructible_from<typename Adaptor::barrier, std::ptrdiff_t> &&
                      requires(typename Adaptor::barrier& barrier) { barrier.arrive_and_wait(); };

template <class Adaptor>
concept has_mutex = std::default_initializable<typename Adaptor::mutex> && requires(typename Adaptor::mutex& mutex) {
  mutex.lock();
  { mutex.try_lock() } -> std::same_as<bool>;
  mutex.unlock();
};

// wait() unlocks while it waits; it may return for no reason.
template <class Adaptor>
concept has_monitor =
    std::default_initializable<typename Adaptor::monitor> && requires(typename Adaptor::monitor& monitor) {
      monitor.lock();
      monitor.unlock();
      monitor.wait();
      monitor.notify_one();
      monitor.notify_all();
    };

template <class Adaptor>
concept has_event = std::default_initializable<typename Adaptor::event> && requires(typename Adaptor::event& event) {
  event.set();
  event.wait();
};

template <class Adaptor>
concept has_clearable_event = has_event<Adaptor> && requires(typename Adaptor::event& event) { event.clear(); };

// Made with its capacity, which a queue without bounds may take for a hint; its title says so.
template <class Adaptor>
concept has_queue =
    std::constructible_from<typename Adaptor::queue, std::size_t> && requires(typename Adaptor::queue& queue) {
      queue.push(std::uint64_t{});
      { queue.pop() } -> std::same_as<std::uint64_t>;
    };

// What a timer calls.
struct alarm {
  std::atomic<unsigned>* rung;
  void operator()() const { rung->fetch_add(1); }
};

// Calls the alarm once after the delay, unless cancel() prevents it, which then returns true.
template <class Adaptor>
concept has_timer = std::constructible_from<typename Adaptor::timer, std::chrono::nanoseconds, alarm> &&
                    requires(typename Adaptor::timer& timer) {
                      { timer.cancel() } -> std::same_as<bool>;
                    };

// One that the thread which holds it may lock again.
template <class Adaptor>
concept has_recursive_mutex = std::default_initializable<typename Adaptor::recursive_mutex> &&
                              requires(typename Adaptor::recursive_mutex& mutex) {
                                mutex.lock();
                                { mutex.try_lock() } -> std::same_as<bool>;
                                mutex.unlock();
                              };

// A release above the count that it was made with throws a std::logic_error.
template <class Adaptor>
concept has_bounded_semaphore = std::constructible_from<typename Adaptor::bounded_semaphore, std::ptrdiff_t> &&
                                requires(typename Adaptor::bounded_semaphore& semaphore) {
                                  semaphore.acquire();
                                  { semaphore.try_acquire() } -> std::same_as<bool>;
                                  semaphore.release();
                                };

// Any number of threads may wait at it, and it begins anew where its count is zero; false where it is not.
template <class Adaptor>
concept has_countdown_latch =
    counts_down<typename Adaptor::countdown_latch> && requires(typename Adaptor::countdown_latch& latch) {
      { latch.try_set_count(std::ptrdiff_t{}) } -> std::same_as<bool>;
    };

template <class Adaptor>
concept has_cyclic_barrier = std::constructible_from<typename Adaptor::cyclic_barrier, std::ptrdiff_t> &&
                             requires(typename Adaptor::cyclic_barrier& barrier) { barrier.arrive_and_wait(); };

// What stands in for those two where a library has no more than a latch, a gate and a barrier.
template <class Adaptor>
struct countdown {
  using latch = typename Adaptor::latch;
  using gate = typename bench::gate<Adaptor>::type;
};
template <has_countdown_latch Adaptor>
struct countdown<Adaptor> {
  using latch = typename Adaptor::countdown_latch;
  using gate = latch;
};

template <class Adaptor>
struct cyclic {
  using barrier = typename Adaptor::barrier;
};
template <has_cyclic_barrier Adaptor>
struct cyclic<Adaptor> {
  using barrier = typename Adaptor::cyclic_barrier;
};

// Calls the alarm in a thread of its own, which join() waits for.
template <class Adaptor>
concept has_thread = std::constructible_from<typename Adaptor::thread, alarm> &&
                     requires(typename Adaptor::thread& thread) { thread.join(); };

template <class Adaptor>
constexpr role role_of() {
  if constexpr (requires { Adaptor::part; }) return Adaptor::part;
  return role::standard;
}

template <class Adaptor>
constexpr bool sleeps() {
  if constexpr (requires { Adaptor::sleeps; }) return Adaptor::sleeps;
  return true;
}

}  // namespace bench
