// Barrier phases: T threads meet at one barrier again and again, and do nothing in between.
//
// One operation: one phase, for all threads together. A latency sample is the time of one thread from its arrival to
// its return.
// End: the first thread announces the last phase before it arrives in it; everybody reads that after each phase. A
// phase number, not a flag: a flag raised for the next phase could be seen by a thread that is still on its way out of
// this one.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "workloads/workload.hpp"

namespace bench {

template <class Barrier>
measurement meet_phase_after_phase(const settings& how) {
  isolated<Barrier> barrier(static_cast<std::ptrdiff_t>(how.threads));
  isolated<std::atomic<std::uint64_t>> last_phase(std::numeric_limits<std::uint64_t>::max());
  std::atomic<bool> overtaken = false;
  team parties(how.threads);
  parties.run(how.window, [&](worker& self) {
    const worker& neighbour = parties.member((self.index() + 1) % parties.size());
    for (std::uint64_t phase = 1;; ++phase) {
      // relaxed: published by the arrival, and read after the phase that it ended
      if (self.index() == 0 && !self.go_on()) last_phase->store(phase, std::memory_order_relaxed);
      self.perform([&] { barrier->arrive_and_wait(); });
      // Now and then: the neighbour has arrived in this phase too, so it has counted the one before.
      if (phase % 64 == 0 && neighbour.operations() + 1 < phase) overtaken.store(true, std::memory_order_relaxed);
      if (phase >= last_phase->load(std::memory_order_relaxed)) break;
    }
  });
  if (overtaken) throw std::runtime_error("barrier broken: a thread left a phase in which another had not arrived");
  measurement found = parties.found();
  found.operations /= parties.size();  // each phase was counted once by each thread
  return found;
}

struct barrier_phases {
  static constexpr workload about{
      "barrier_phases", "Barrier", "T threads meet at a barrier, phase after phase", "phase", "rounds", "sweep", 1, 1,
      {1, 2, 4, 8, 16}};

  template <has_barrier Adaptor>
  static measurement run(const settings& how) {
    return meet_phase_after_phase<typename Adaptor::barrier>(how);
  }
};

}  // namespace bench
