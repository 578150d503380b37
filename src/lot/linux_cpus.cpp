#include <sched.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "lot/cpus.hpp"

namespace park::detail {
namespace {

// A mounted cgroup hierarchy that can limit CPU time.
struct hierarchy {
  std::string mount_point;
  std::string root;  // the cgroup that the mount point shows
  bool version2;
};

bool lists(const std::string& commas, const std::string& wanted) {
  std::istringstream items(commas);
  for (std::string item; std::getline(items, item, ',');) {
    if (item == wanted) return true;
  }
  return false;
}

std::string without_slash(std::string path) {
  while (!path.empty() && path.back() == '/') path.pop_back();
  return path;
}

// proc(5), /proc/[pid]/mountinfo: id parent device root mount-point options [tag...] - type source super-options
std::vector<hierarchy> mounted_hierarchies(const std::string& root) {
  std::vector<hierarchy> found;
  std::ifstream mounts(root + "/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string skip, mount_root, mount_point, field, type, source, super_options;
    fields >> skip >> skip >> skip >> mount_root >> mount_point;
    while (fields >> field && field != "-") {
    }
    fields >> type >> source >> super_options;
    if (type == "cgroup2") found.push_back({mount_point, mount_root, true});
    if (type == "cgroup" && lists(super_options, "cpu")) found.push_back({mount_point, mount_root, false});
  }
  return found;
}

// proc(5), cgroups(7), /proc/[pid]/cgroup: id:controllers:path, where version 2 is 0::path
std::string own_cgroup(const std::string& root, bool version2) {
  std::ifstream memberships(root + "/proc/self/cgroup");
  for (std::string line; std::getline(memberships, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (version2 ? controllers.empty() : lists(controllers, "cpu")) return line.substr(second + 1);
  }
  return "/";
}

// The limit that one cgroup's own files set.
std::optional<double> own_quota(const std::string& folder, bool version2) {
  double quota = 0, period = 0;
  if (version2) {
    std::ifstream limit(folder + "/cpu.max");  // "max 100000" fails to parse as a number: no limit
    if (!(limit >> quota >> period)) return std::nullopt;
  } else {
    std::ifstream quota_file(folder + "/cpu.cfs_quota_us"), period_file(folder + "/cpu.cfs_period_us");
    if (!(quota_file >> quota) || !(period_file >> period)) return std::nullopt;
  }
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

}  // namespace

unsigned affinity_cpus() noexcept {
  for (int cpus = 1024; cpus <= 1 << 20; cpus *= 2) {  // the kernel refuses a mask smaller than its own
    cpu_set_t* const mask = CPU_ALLOC(static_cast<std::size_t>(cpus));
    if (mask == nullptr) break;
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus));
    const bool known = sched_getaffinity(0, size, mask) == 0;
    const int usable = known ? CPU_COUNT_S(size, mask) : 0;
    CPU_FREE(mask);
    if (known) return static_cast<unsigned>(std::max(1, usable));
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

std::optional<double> cgroup_quota_cpus(const std::string& root) {
  std::optional<double> least;
  for (const hierarchy& mounted : mounted_hierarchies(root)) {
    std::string path = without_slash(own_cgroup(root, mounted.version2));
    // Inside a container the mount may show a cgroup below the hierarchy's top; paths start where it does. Seen from a cgroup
    // namespace a mount of what lies above it has a root of "/..".
    const bool above = (mounted.root + '/').starts_with("/../");
    const std::string top = above ? "" : without_slash(mounted.root);
    if (!(path + '/').starts_with(top + '/')) continue;  // a mount that shows only others
    path.erase(0, top.size());
    for (;;) {
      if (const auto quota = own_quota(root + mounted.mount_point + path, mounted.version2)) {
        least = std::min(least.value_or(*quota), *quota);
      }
      if (path.empty()) break;
      path.erase(path.rfind('/'));
    }
  }
  return least;
}

}  // namespace park::detail
