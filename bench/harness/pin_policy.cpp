#include "harness/pin_policy.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "platform/pinning.hpp"

namespace bench {
namespace {

using platform::cpu_place;

using cpu_list = std::vector<unsigned>;
using part = std::vector<cpu_place>;  // of the machine, in its order

std::string in_words(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// The places of the CPUs that may be used, such that what is near stands near.
part usable_places(const platform::topology& machine, const cpu_list& allowed) {
  part places;
  std::copy_if(machine.cpus.begin(), machine.cpus.end(), std::back_inserter(places), [&](const cpu_place& one) {
    return std::find(allowed.begin(), allowed.end(), one.cpu) != allowed.end();
  });
  const auto rank = [](const cpu_place& of) { return std::tuple(of.package, of.numa, of.llc, of.core, of.cpu); };
  std::sort(places.begin(), places.end(),
            [&](const cpu_place& one, const cpu_place& other) { return rank(one) < rank(other); });
  return places;
}

// By what they have in one place; false where that is not known of one of them.
bool split(const part& whole, std::optional<unsigned> cpu_place::* by, std::vector<part>& parts) {
  std::map<unsigned, std::size_t> indices;
  for (const cpu_place& one : whole) {
    if (!(one.*by)) return false;
    const auto [found, added] = indices.try_emplace(*(one.*by), parts.size());
    if (added) parts.emplace_back();
    parts[found->second].push_back(one);
  }
  return true;
}

// The first of each part, then the second of each that has one, and so on.
cpu_list in_turns(const std::vector<cpu_list>& parts) {
  cpu_list cpus;
  std::size_t turns = 0;
  for (const cpu_list& one : parts) turns = std::max(turns, one.size());
  for (std::size_t turn = 0; turn < turns; ++turn) {
    for (const cpu_list& one : parts) {
      if (turn < one.size()) cpus.push_back(one[turn]);
    }
  }
  return cpus;
}

cpu_list numbers_of(const part& places) {
  cpu_list cpus;
  std::transform(places.begin(), places.end(), std::back_inserter(cpus), [](const cpu_place& one) { return one.cpu; });
  return cpus;
}

// One CPU of each core, then the second of each; as they stand where cores are not known.
cpu_list cores_first(const part& places) {
  std::vector<part> cores;
  if (!split(places, &cpu_place::core, cores)) return numbers_of(places);
  std::vector<cpu_list> cpus;
  std::transform(cores.begin(), cores.end(), std::back_inserter(cpus), numbers_of);
  return in_turns(cpus);
}

pin_list by_cores(const part& places) {
  std::vector<part> cores;
  if (!split(places, &cpu_place::core, cores)) return {{}, "which CPUs form a core is not known"};
  if (cores.size() < 2) return {{}, "the process may use one core only"};
  pin_list found;
  for (const part& core : cores) found.cpus.push_back(core.front().cpu);
  return found;
}

pin_list by_siblings(const part& places) {
  std::vector<part> cores;
  if (!split(places, &cpu_place::core, cores)) return {{}, "which CPUs form a core is not known"};
  pin_list found;
  for (const part& core : cores) {
    if (core.size() < 2) continue;
    for (const cpu_place& one : core) found.cpus.push_back(one.cpu);
  }
  if (found.cpus.empty()) found.why_not = "no core has two CPUs that the process may use";
  return found;
}

// Under the cache that has the most of them; of several the last, since the first CPUs serve more interrupts.
pin_list by_cache(const part& places) {
  std::vector<part> caches;
  if (!split(places, &cpu_place::llc, caches)) return {{}, "which CPUs share a last-level cache is not known"};
  const auto fullest = std::max_element(caches.rbegin(), caches.rend(),
                                        [](const part& one, const part& other) { return one.size() < other.size(); });
  if (fullest->size() < 2) return {{}, "no two CPUs that the process may use share a last-level cache"};
  return {cores_first(*fullest), ""};
}

pin_list by_nodes(const part& places) {
  std::vector<part> nodes;
  if (!split(places, &cpu_place::numa, nodes)) return {{}, "which CPUs form a NUMA node is not known"};
  if (nodes.size() < 2) return {{}, "the CPUs that the process may use are of " + in_words(nodes.size(), "NUMA node")};
  std::vector<cpu_list> cpus;
  std::transform(nodes.begin(), nodes.end(), std::back_inserter(cpus), cores_first);
  return {in_turns(cpus), ""};
}

std::atomic<scoped_pins*> living{nullptr};

}  // namespace

const char* name_of(pin_policy policy) noexcept {
  constexpr std::array names{"none", "cores", "siblings", "llc", "numa", "one"};
  return names[static_cast<std::size_t>(policy)];
}

std::optional<pin_policy> find_pin_policy(std::string_view name) noexcept {
  for (const pin_policy one : all_pin_policies) {
    if (name == name_of(one)) return one;
  }
  return std::nullopt;
}

pin_list pins_of(pin_policy policy, const platform::topology& machine, const cpu_list& allowed) {
  if (policy == pin_policy::none) return {};
  if (allowed.empty()) return {{}, "this platform binds no thread to a CPU"};
  if (policy == pin_policy::one) return {{allowed.back()}, ""};
  const part places = usable_places(machine, allowed);
  if (places.size() < allowed.size()) return {{}, "where the CPUs lie in the machine is not known"};
  switch (policy) {
    case pin_policy::cores:
      return by_cores(places);
    case pin_policy::siblings:
      return by_siblings(places);
    case pin_policy::llc:
      return by_cache(places);
    default:
      return by_nodes(places);
  }
}

pin_list pins_here(pin_policy policy) {
  static const platform::topology machine = platform::read_topology();
  return pins_of(policy, machine, platform::allowed_cpus());
}

cpu_list in_order_of_nearness(const platform::topology& machine, const cpu_list& allowed) {
  const part places = usable_places(machine, allowed);
  return places.size() < allowed.size() ? allowed : numbers_of(places);
}

scoped_pins::scoped_pins(cpu_list cpus) : cpus_(std::move(cpus)) { living.store(this, std::memory_order_release); }

scoped_pins::~scoped_pins() { living.store(nullptr, std::memory_order_relaxed); }

const cpu_list& scoped_pins::cpus() noexcept {
  static const cpu_list none;
  const scoped_pins* const now = living.load(std::memory_order_acquire);
  return now != nullptr ? now->cpus_ : none;
}

void scoped_pins::bind(unsigned index) {
  scoped_pins* const now = living.load(std::memory_order_acquire);
  if (now == nullptr || now->cpus_.empty()) return;
  const unsigned cpu = now->cpus_[index % now->cpus_.size()];
  if (!platform::pin_to({cpu})) {
    throw std::runtime_error("the system refused to bind thread " + std::to_string(index) + " to CPU " +
                             std::to_string(cpu));
  }
  now->bound_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace bench
