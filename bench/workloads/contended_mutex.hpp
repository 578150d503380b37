// A mutex that all threads of a team share. One operation: one lock and the unlock that follows.
#pragma once

#include <stdexcept>

#include "workloads/guarded_counter.hpp"
#include "workloads/workload.hpp"

namespace bench {

template <class Mutex>
measurement lock_and_unlock_together(const settings& how) {
  isolated<Mutex> mutex;
  const measurement found = count_guarded(how, [&](auto section) {
    mutex->lock();
    section();
    mutex->unlock();
  });
  if (!mutex->try_lock()) throw std::runtime_error("mutex broken: all have unlocked it, and it is locked");
  mutex->unlock();
  return found;
}

struct mutex_contended {
  static constexpr workload about{"mutex_contended",
                                  "Mutex, contended",
                                  "All threads lock and unlock one mutex; a shared counter is incremented inside",
                                  "lock+unlock pair",
                                  "contended",
                                  "sweep",
                                  1,
                                  1,
                                  {4, 16},
                                  true};

  template <has_mutex Adaptor>
  static measurement run(const settings& how) {
    return lock_and_unlock_together<typename Adaptor::mutex>(how);
  }
};

}  // namespace bench
