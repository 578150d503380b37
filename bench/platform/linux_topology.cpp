// /sys/devices/system/cpu, as Linux documents it in Documentation/ABI/stable/sysfs-devices-system-cpu.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "platform/topology.hpp"

namespace bench::platform {
namespace {

namespace fs = std::filesystem;

template <class Value>
std::optional<Value> read(const fs::path& file) {
  std::ifstream in(file);
  Value value{};
  if (!(in >> value)) return std::nullopt;
  return value;
}

// The number in cpu12 or node3 where `prefix` is cpu or node.
std::optional<unsigned> number_in(const fs::path& folder, std::string_view prefix) {
  const std::string name = folder.filename().string();
  const std::string digits = name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : "";
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return static_cast<unsigned>(std::stoul(digits));
}

std::optional<unsigned> numa_node_of(const fs::path& cpu) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(cpu, ignored)) {
    if (const auto node = number_in(entry.path(), "node")) return node;
  }
  return std::nullopt;
}

// The CPUs that a list such as 0-3,8 names.
std::vector<unsigned> cpus_in(const std::string& list) {
  std::vector<unsigned> cpus;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string range = list.substr(begin, end - begin);
    const std::size_t dash = range.find('-');
    const unsigned long first = std::stoul(range);
    const unsigned long last = dash == std::string::npos ? first : std::stoul(range.substr(dash + 1));
    for (unsigned long cpu = first; cpu <= last; ++cpu) cpus.push_back(static_cast<unsigned>(cpu));
    begin = end + 1;
  }
  return cpus;
}

// Of meminfo of a node: "Node 0 MemTotal:  16316412 kB".
std::optional<unsigned long> memory_mib_of(const fs::path& node) {
  std::ifstream file(node / "meminfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t at = line.find("MemTotal:");
    if (at != std::string::npos) return std::strtoul(line.c_str() + at + 9, nullptr, 10) / 1024;
  }
  return std::nullopt;
}

std::vector<numa_node> read_nodes() {
  std::vector<numa_node> nodes;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/sys/devices/system/node", ignored)) {
    const auto number = number_in(entry.path(), "node");
    if (!number) continue;
    nodes.push_back(
        {*number, cpus_in(read<std::string>(entry.path() / "cpulist").value_or("")), memory_mib_of(entry.path())});
  }
  std::sort(nodes.begin(), nodes.end(), [](const auto& one, const auto& other) { return one.node < other.node; });
  return nodes;
}

// Numbers names in the order in which they are first seen.
template <class Name>
class numbering {
 public:
  unsigned operator()(const Name& name) {
    return numbers_.try_emplace(name, static_cast<unsigned>(numbers_.size())).first->second;
  }

 private:
  std::map<Name, unsigned> numbers_;
};

struct cache_kind {
  cache about;
  numbering<std::string> instances;  // by the list of CPUs that share one
};

class reader {
 public:
  topology read_all() {
    std::error_code ignored;
    std::map<unsigned, fs::path> folders;
    for (const auto& entry : fs::directory_iterator("/sys/devices/system/cpu", ignored)) {
      const auto cpu = number_in(entry.path(), "cpu");
      if (cpu && fs::exists(entry.path() / "topology", ignored)) folders[*cpu] = entry.path();
    }
    topology found;
    for (const auto& [cpu, folder] : folders) found.cpus.push_back(place(cpu, folder));
    for (const auto& [key, kind] : kinds_) found.caches.push_back(kind.about);
    found.nodes = read_nodes();
    if (!found.cpus.empty()) found.source = "sysfs";
    return found;
  }

 private:
  cpu_place place(unsigned cpu, const fs::path& folder) {
    cpu_place found{cpu, {}, read<unsigned>(folder / "topology/physical_package_id"), numa_node_of(folder), {}, {}};
    last_cache last;
    if (const auto siblings = read<std::string>(folder / "topology/thread_siblings_list"))
      found.core = cores_(*siblings);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder / "cache", ignored)) {
      if (number_in(entry.path(), "index")) add_cache(entry.path(), found, last);
    }
    if (last.level > 0) found.llc = last_(last.name);
    return found;
  }

  struct last_cache {
    unsigned level = 0;
    std::string name;
  };

  void add_cache(const fs::path& folder, cpu_place& cpu, last_cache& last) {
    const auto level = read<unsigned>(folder / "level");
    const auto type = read<std::string>(folder / "type");
    const auto size = read<unsigned long>(folder / "size");  // in KiB: "32K"
    const auto sharers = read<std::string>(folder / "shared_cpu_list");
    if (!level || !type || !size || !sharers) return;
    cache_kind& kind =
        kinds_.try_emplace({*level, *type, *size}, cache_kind{{*level, *type, *size, 0, 0, {}}, {}}).first->second;
    const unsigned instance = kind.instances(*sharers);
    if (instance == kind.about.instances) {
      ++kind.about.instances;
      kind.about.sharers.push_back(cpus_in(*sharers));
      kind.about.shared_by_cpus = static_cast<unsigned>(kind.about.sharers.front().size());
    }
    if (*level == 3) cpu.l3 = l3_(*sharers);
    if (*type != "Instruction" && *level > last.level) last = {*level, std::to_string(*level) + " " + *sharers};
  }

  numbering<std::string> cores_, l3_, last_;
  std::map<std::tuple<unsigned, std::string, unsigned long>, cache_kind> kinds_;
};

}  // namespace

topology read_topology() { return reader().read_all(); }

}  // namespace bench::platform
