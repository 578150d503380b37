#include "harness/placement.hpp"

#include <algorithm>
#include <vector>

#include "platform/pinning.hpp"
#include "platform/topology.hpp"

namespace bench {
namespace {

using platform::cpu_place;

// The higher the nearer; 0 for two CPUs of one core.
int nearness(const cpu_place& one, const cpu_place& other) {
  if (one.core && one.core == other.core) return 0;
  if (one.l3 && one.l3 == other.l3) return 3;
  return one.package && one.package == other.package ? 2 : 1;
}

}  // namespace

std::optional<std::pair<unsigned, unsigned>> two_neighbouring_cpus() {
  const std::vector<unsigned> allowed = platform::allowed_cpus();
  if (allowed.size() < 2) return std::nullopt;
  const std::vector<cpu_place> known = platform::read_topology().cpus;
  const auto place = [&](unsigned cpu) {
    const auto found = std::find_if(known.begin(), known.end(), [cpu](const cpu_place& one) { return one.cpu == cpu; });
    return found != known.end() ? *found : cpu_place{cpu, {}, {}, {}, {}, {}};
  };
  const cpu_place first = place(allowed.back());  // the first CPUs serve more interrupts
  const auto nearest = std::max_element(allowed.begin(), allowed.end() - 1, [&](unsigned one, unsigned other) {
    return nearness(first, place(one)) < nearness(first, place(other));
  });
  return std::pair(allowed.back(), *nearest);
}

std::optional<unsigned> one_cpu() {
  const std::vector<unsigned> allowed = platform::allowed_cpus();
  return allowed.empty() ? std::nullopt : std::optional(allowed.back());
}

}  // namespace bench
