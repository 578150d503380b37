// Where each CPU lies: its core, package, NUMA node and last-level cache, and the caches. One body per source, chosen
// by CMake: hwloc where it is found, else Linux' /sys, else nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace bench::platform {

// Numbers without gaps, in the order of their first CPU; but `package` and `numa` are the system's own. Empty where
// unknown.
struct cpu_place {
  unsigned cpu;  // the system's number
  std::optional<unsigned> core, package, numa, l3;
  std::optional<unsigned> llc;  // the last cache on the way to memory, of whatever level
};

// All caches of one kind.
struct cache {
  unsigned level;
  std::string type;  // Data, Instruction, Unified
  unsigned long size_kib;
  unsigned shared_by_cpus;  // how many CPUs share the first of them
  unsigned instances;
  std::vector<std::vector<unsigned>> sharers;  // the CPUs of each
};

struct numa_node {
  unsigned node;  // the system's number
  std::vector<unsigned> cpus;
  std::optional<unsigned long> memory_mib;
};

struct topology {
  std::optional<std::string> source;  // hwloc, sysfs
  std::vector<cpu_place> cpus;        // by number
  std::vector<cache> caches;          // by level
  std::vector<numa_node> nodes;       // by number
};

topology read_topology();

}  // namespace bench::platform
