#include <hwloc.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "platform/topology.hpp"

namespace bench::platform {
namespace {

class loaded_topology {
 public:
  loaded_topology() : loaded_(hwloc_topology_init(&topology_) == 0) {
    if (!loaded_) return;
    hwloc_topology_set_icache_types_filter(topology_, HWLOC_TYPE_FILTER_KEEP_ALL);
    hwloc_topology_set_flags(topology_, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
    filled_ = hwloc_topology_load(topology_) == 0;
  }
  ~loaded_topology() {
    if (loaded_) hwloc_topology_destroy(topology_);
  }
  loaded_topology(const loaded_topology&) = delete;
  loaded_topology& operator=(const loaded_topology&) = delete;

  bool filled() const noexcept { return filled_; }
  hwloc_topology_t get() const noexcept { return topology_; }

 private:
  hwloc_topology_t topology_{};
  bool loaded_;
  bool filled_ = false;
};

std::optional<unsigned> logical_index_above(hwloc_topology_t topology, hwloc_obj_t cpu, hwloc_obj_type_t type) {
  const hwloc_obj_t above = hwloc_get_ancestor_obj_by_type(topology, type, cpu);
  return above != nullptr ? std::optional(above->logical_index) : std::nullopt;
}

std::optional<unsigned> system_index(hwloc_obj_t object) {
  return object != nullptr && object->os_index != HWLOC_UNKNOWN_INDEX ? std::optional(object->os_index) : std::nullopt;
}

hwloc_obj_t numa_node_of(hwloc_topology_t topology, hwloc_obj_t cpu) {
  for (hwloc_obj_t node = nullptr;
       (node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)) != nullptr;) {
    if (hwloc_bitmap_isincluded(cpu->cpuset, node->cpuset)) return node;
  }
  return nullptr;
}

// The outermost cache of data above a CPU.
hwloc_obj_t last_cache_of(hwloc_obj_t cpu) {
  hwloc_obj_t last = nullptr;
  for (hwloc_obj_t above = cpu->parent; above != nullptr; above = above->parent) {
    if (hwloc_obj_type_is_dcache(above->type)) last = above;
  }
  return last;
}

const char* type_name(hwloc_obj_cache_type_t type) {
  switch (type) {
    case HWLOC_OBJ_CACHE_DATA:
      return "Data";
    case HWLOC_OBJ_CACHE_INSTRUCTION:
      return "Instruction";
    default:
      return "Unified";
  }
}

std::vector<unsigned> numbers_in(hwloc_const_cpuset_t set) {
  std::vector<unsigned> cpus;
  for (int cpu = -1; (cpu = hwloc_bitmap_next(set, cpu)) >= 0;) cpus.push_back(static_cast<unsigned>(cpu));
  return cpus;
}

std::vector<cache> caches_of(hwloc_topology_t topology) {
  std::map<std::tuple<unsigned, std::string, unsigned long>, cache> kinds;
  for (int type = HWLOC_OBJ_L1CACHE; type <= HWLOC_OBJ_L3ICACHE; ++type) {
    const auto wanted = static_cast<hwloc_obj_type_t>(type);
    for (hwloc_obj_t one = nullptr; (one = hwloc_get_next_obj_by_type(topology, wanted, one)) != nullptr;) {
      const auto& attributes = one->attr->cache;
      const auto size_kib = static_cast<unsigned long>(attributes.size / 1024);
      if (size_kib == 0) continue;  // the system did not say
      const auto sharers = static_cast<unsigned>(std::max(0, hwloc_bitmap_weight(one->cpuset)));
      cache& kind = kinds
                        .try_emplace({attributes.depth, type_name(attributes.type), size_kib},
                                     cache{attributes.depth, type_name(attributes.type), size_kib, sharers, 0, {}})
                        .first->second;
      ++kind.instances;
      kind.sharers.push_back(numbers_in(one->cpuset));
    }
  }
  std::vector<cache> caches;
  for (const auto& [key, kind] : kinds) caches.push_back(kind);
  return caches;
}

std::vector<numa_node> nodes_of(hwloc_topology_t topology) {
  std::vector<numa_node> nodes;
  for (hwloc_obj_t node = nullptr;
       (node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)) != nullptr;) {
    const auto mib = static_cast<unsigned long>(node->attr->numanode.local_memory >> 20);
    nodes.push_back({node->os_index, numbers_in(node->cpuset), mib > 0 ? std::optional(mib) : std::nullopt});
  }
  std::sort(nodes.begin(), nodes.end(), [](const auto& one, const auto& other) { return one.node < other.node; });
  return nodes;
}

}  // namespace

topology read_topology() {
  const loaded_topology loaded;
  if (!loaded.filled()) return {};
  topology found{"hwloc", {}, caches_of(loaded.get()), nodes_of(loaded.get())};
  std::map<hwloc_obj_t, unsigned> last_caches;
  for (hwloc_obj_t cpu = nullptr; (cpu = hwloc_get_next_obj_by_type(loaded.get(), HWLOC_OBJ_PU, cpu)) != nullptr;) {
    found.cpus.push_back({cpu->os_index,
                          logical_index_above(loaded.get(), cpu, HWLOC_OBJ_CORE),
                          system_index(hwloc_get_ancestor_obj_by_type(loaded.get(), HWLOC_OBJ_PACKAGE, cpu)),
                          system_index(numa_node_of(loaded.get(), cpu)),
                          logical_index_above(loaded.get(), cpu, HWLOC_OBJ_L3CACHE),
                          {}});
    if (const hwloc_obj_t last = last_cache_of(cpu)) {
      found.cpus.back().llc = last_caches.try_emplace(last, static_cast<unsigned>(last_caches.size())).first->second;
    }
  }
  std::sort(found.cpus.begin(), found.cpus.end(),
            [](const auto& one, const auto& other) { return one.cpu < other.cpu; });
  return found;
}

}  // namespace bench::platform
