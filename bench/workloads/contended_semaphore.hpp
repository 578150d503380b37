// A semaphore that all threads of a team share. One operation: one acquire and the release that follows.
//
// End: each thread ends between two operations, holding nothing, so whoever still waits is served.
#pragma once

#include <cstddef>
#include <stdexcept>

#include "workloads/guarded_counter.hpp"
#include "workloads/workload.hpp"

namespace bench {

// All permits, and no more, must be there once everybody has left.
template <class Semaphore>
void check_permits(Semaphore& semaphore, unsigned permits) {
  for (unsigned taken = 0; taken < permits; ++taken) {
    if (!semaphore.try_acquire()) throw std::runtime_error("semaphore broken: a permit was lost");
  }
  if (semaphore.try_acquire()) throw std::runtime_error("semaphore broken: there is a permit too many");
}

// One permit: a mutex by another name.
template <class Semaphore>
measurement share_one_permit(const settings& how) {
  isolated<Semaphore> semaphore(1);
  const measurement found = count_guarded(how, [&](auto section) {
    semaphore->acquire();
    section();
    semaphore->release();
  });
  check_permits(*semaphore, 1);
  return found;
}

struct semaphore_contended {
  static constexpr workload about{
      "semaphore_contended",
      "Semaphore of 1, contended",
      "All threads acquire and release the one permit; a shared counter is incremented inside",
      "acquire+release pair",
      "contended",
      "sweep",
      1,
      1,
      {4, 16},
      true};

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    return share_one_permit<typename Adaptor::semaphore>(how);
  }
};

// Half as many permits as threads, rounded down: on a machine with enough CPUs half of the threads can always go on.
// Nothing inside.
struct semaphore_half {
  static constexpr workload about{"semaphore_half",
                                  "Semaphore of T/2",
                                  "T threads acquire and release; there are half as many permits as threads",
                                  "acquire+release pair",
                                  "contended",
                                  "sweep",
                                  2,
                                  1,
                                  {2, 16}};

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    const unsigned permits = how.threads / 2;
    isolated<typename Adaptor::semaphore> semaphore(static_cast<std::ptrdiff_t>(permits));
    team sharers(how.threads);
    sharers.run(how.window, [&](worker& self) {
      while (self.go_on()) {
        self.perform([&] {
          semaphore->acquire();
          semaphore->release();
        });
      }
    });
    check_permits(*semaphore, permits);
    return sharers.found();
  }
};

}  // namespace bench
