// Recursive mutexes: what uncontended.hpp and contended_mutex.hpp do, and a lock by the thread that holds it.
#pragma once

#include "workloads/contended_mutex.hpp"
#include "workloads/uncontended.hpp"
#include "workloads/workload.hpp"

namespace bench {

struct recursive_mutex_uncontended {
  static constexpr workload about{"recursive_mutex_uncontended",
                                  "Recursive mutex, uncontended",
                                  "One thread locks and unlocks; nobody waits",
                                  "lock+unlock pair",
                                  "uncontended",
                                  "one"};

  template <has_recursive_mutex Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::recursive_mutex> mutex;
    lock_and_unlock(state, *mutex);
  }
};

struct recursive_mutex_nested {
  static constexpr workload about{"recursive_mutex_nested",
                                  "Recursive mutex, nested",
                                  "One thread, which holds it, locks and unlocks it again",
                                  "lock+unlock pair",
                                  "uncontended",
                                  "one"};

  template <has_recursive_mutex Adaptor>
  static void run(benchmark::State& state) {
    isolated<typename Adaptor::recursive_mutex> mutex;
    mutex->lock();
    lock_and_unlock(state, *mutex);
    mutex->unlock();
  }
};

struct recursive_mutex_contended {
  static constexpr workload about{
      "recursive_mutex_contended",
      "Recursive mutex, contended",
      "All threads lock and unlock one recursive mutex; a shared counter is incremented inside",
      "lock+unlock pair",
      "contended",
      "sweep",
      1,
      1,
      {4},
      true};

  template <has_recursive_mutex Adaptor>
  static measurement run(const settings& how) {
    return lock_and_unlock_together<typename Adaptor::recursive_mutex>(how);
  }
};

}  // namespace bench
