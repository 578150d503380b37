#include <algorithm>
#include <thread>

#include "lot/cpus.hpp"

namespace park::detail {

unsigned affinity_cpus() noexcept { return std::max(1u, std::thread::hardware_concurrency()); }

std::optional<double> cgroup_quota_cpus(std::string_view) noexcept { return std::nullopt; }

}  // namespace park::detail
