#include <sched.h>

#include <cstddef>

#include "platform/pinning.hpp"

namespace bench::platform {
namespace {

constexpr unsigned most_cpus = 1u << 14;

// As cpu_set_t, which ends at CPU 1023.
struct cpu_mask {
  static constexpr std::size_t parts = most_cpus / CPU_SETSIZE;

  cpu_set_t* set() noexcept { return sets; }

  cpu_set_t sets[parts] = {};
};

}  // namespace

std::vector<unsigned> allowed_cpus() {
  cpu_mask mask;
  if (sched_getaffinity(0, sizeof mask, mask.set()) != 0) return {};
  std::vector<unsigned> cpus;
  for (unsigned cpu = 0; cpu < most_cpus; ++cpu) {
    if (CPU_ISSET_S(cpu, sizeof mask, mask.set())) cpus.push_back(cpu);
  }
  return cpus;
}

bool pin_to(const std::vector<unsigned>& cpus) noexcept {
  cpu_mask mask;
  for (const unsigned cpu : cpus) CPU_SET_S(cpu, sizeof mask, mask.set());
  return sched_setaffinity(0, sizeof mask, mask.set()) == 0;
}

}  // namespace bench::platform
