// Cyclic barriers: what uncontended.hpp and barrier_phases.hpp do. Beside them stand barriers that cannot be broken, where a
// library has no others.
#pragma once

#include "workloads/barrier_phases.hpp"
#include "workloads/uncontended.hpp"
#include "workloads/workload.hpp"

namespace bench {

struct cyclic_barrier_uncontended {
  static constexpr workload about{"cyclic_barrier_uncontended",
                                  "Cyclic barrier, uncontended",
                                  "One thread meets itself at a cyclic barrier of one",
                                  "phase",
                                  "uncontended",
                                  "one"};

  template <class Adaptor>
    requires has_cyclic_barrier<Adaptor> || has_barrier<Adaptor>
  static void run(benchmark::State& state) {
    meet_itself<typename cyclic<Adaptor>::barrier>(state);
  }
};

struct cyclic_barrier_phases {
  static constexpr workload about{"cyclic_barrier_phases",
                                  "Cyclic barrier",
                                  "T threads meet at a cyclic barrier, phase after phase",
                                  "phase",
                                  "rounds",
                                  "sweep",
                                  1,
                                  1,
                                  {1, 2, 4}};

  template <class Adaptor>
    requires has_cyclic_barrier<Adaptor> || has_barrier<Adaptor>
  static measurement run(const settings& how) {
    return meet_phase_after_phase<typename cyclic<Adaptor>::barrier>(how);
  }
};

}  // namespace bench
