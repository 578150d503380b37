// Fast paths: one thread at work, and a second one asleep elsewhere (see company.hpp). Plain loops; the object's address
// escapes, so that the compiler cannot see who else uses it.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "workloads/contended_queue.hpp"
#include "workloads/workload.hpp"

namespace bench {

// One operation: one release and one acquire, of a semaphore that starts at 0.
struct semaphore_uncontended {
  static constexpr workload about{"semaphore_uncontended",
                                  "Semaphore, uncontended",
                                  "One thread releases and acquires; nobody waits",
                                  "release+acquire pair",
                                  "uncontended",
                                  "one"};

  template <has_semaphore Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::semaphore> semaphore(0);
    benchmark::DoNotOptimize(&*semaphore);
    const loop_meter meter;
    for (auto _ : state) {
      semaphore->release();
      semaphore->acquire();
    }
    meter.report_to(state);
  }
};

// One operation: one try_acquire of a semaphore without permits.
struct semaphore_try_fail {
  static constexpr workload about{"semaphore_try_fail",
                                  "Semaphore, failing try_acquire",
                                  "One thread tries a semaphore that has no permit",
                                  "failing try_acquire",
                                  "uncontended",
                                  "one"};

  template <has_semaphore Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::semaphore> semaphore(0);
    benchmark::DoNotOptimize(&*semaphore);
    bool acquired = false;
    const loop_meter meter;
    for (auto _ : state) {
      acquired |= semaphore->try_acquire();
      benchmark::ClobberMemory();
    }
    meter.report_to(state);
    if (acquired) throw std::runtime_error("try_acquire took a permit that was not there");
  }
};

// One operation: the whole life of a latch of 1, on the stack.
struct latch_uncontended {
  static constexpr workload about{
      "latch_uncontended", "Latch, uncontended", "One thread makes a latch of 1, counts it down, waits and destroys it",
      "life of a latch",   "uncontended",        "one"};

  template <has_latch Adaptor>
  static void run(benchmark::State& state) {
    const loop_meter meter;
    for (auto _ : state) {
      isolated<typename Adaptor::latch> latch(1);
      benchmark::DoNotOptimize(&*latch);
      latch->count_down();
      latch->wait();
      benchmark::DoNotOptimize(&*latch);
    }
    meter.report_to(state);
  }
};

// One operation: one phase of a barrier of one.
template <class Barrier>
void meet_itself(benchmark::State& state) {
  isolated<Barrier> barrier(1);
  benchmark::DoNotOptimize(&*barrier);
  const loop_meter meter;
  for (auto _ : state) barrier->arrive_and_wait();
  meter.report_to(state);
}

struct barrier_uncontended {
  static constexpr workload about{"barrier_uncontended",
                                  "Barrier, uncontended",
                                  "One thread meets itself at a barrier of one",
                                  "phase",
                                  "uncontended",
                                  "one"};

  template <has_barrier Adaptor>
  static void run(benchmark::State& state) {
    meet_itself<typename Adaptor::barrier>(state);
  }
};

// One operation: one lock and one unlock.
template <class Mutex>
void lock_and_unlock(benchmark::State& state, Mutex& mutex) {
  benchmark::DoNotOptimize(&mutex);
  const loop_meter meter;
  for (auto _ : state) {
    mutex.lock();
    mutex.unlock();
  }
  meter.report_to(state);
}

struct mutex_uncontended {
  static constexpr workload about{
      "mutex_uncontended", "Mutex, uncontended", "One thread locks and unlocks; nobody waits",
      "lock+unlock pair",  "uncontended",        "one"};

  template <has_mutex Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::mutex> mutex;
    lock_and_unlock(state, *mutex);
  }
};

// One operation: one push and one pop, of a queue that is empty in between.
struct queue_uncontended {
  static constexpr workload about{"queue_uncontended",
                                  "Bounded queue, uncontended",
                                  "One thread pushes an item and pops it; nobody waits",
                                  "push+pop pair",
                                  "uncontended",
                                  "one"};

  template <has_queue Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::queue> queue(queue_capacity);
    benchmark::DoNotOptimize(&*queue);
    std::uint64_t pushed = 0, popped = 0;
    const loop_meter meter;
    for (auto _ : state) {
      queue->push(++pushed);
      popped += queue->pop();
    }
    meter.report_to(state);
    if (popped != pushed * (pushed + 1) / 2) throw std::runtime_error("queue broken: what was put is not what was got");
  }
};

}  // namespace bench
