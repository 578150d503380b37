// How many CPUs this process may use, as the operating system tells it. One body per platform, chosen by CMake. Allocates nothing:
// park::backoff asks in the first wait, which may be on a lock inside of an allocator.
#pragma once

#include <optional>
#include <string_view>

#include "park/config.hpp"

namespace park::detail {

// CPUs in the affinity mask of the calling thread, or of the machine where there is no such mask. At least 1.
PARK_API unsigned affinity_cpus() noexcept;

// CPUs' worth of time that the process's cgroup and those above it allow, on Windows its job, e.g. 1.5; empty where nothing limits it or nothing is known.
// `root` stands before /proc and the cgroup mounts, so that tests can lay out a machine of their own.
PARK_API std::optional<double> cgroup_quota_cpus(std::string_view root = "") noexcept;

}  // namespace park::detail
