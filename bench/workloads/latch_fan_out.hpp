// How soon those who sleep at a latch have left it. See fan_out.hpp.
#pragma once

#include "workloads/fan_out.hpp"
#include "workloads/workload.hpp"

namespace bench {

struct latch_fan_out {
  static constexpr workload about{"latch_fan_out",
                                  "Latch, fan-out",
                                  "T - 1 threads sleep at a latch, one counts it down; until the last has returned",
                                  "round",
                                  "rounds",
                                  "sweep",
                                  2,
                                  1,
                                  {4, 32}};

  template <has_gate Adaptor>
  static measurement run(const settings& how) {
    return fan_out<typename gate<Adaptor>::type>(how.threads).run(how.window);
  }
};

}  // namespace bench
