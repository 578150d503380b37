#include <algorithm>
#include <bitset>

#include "lot/cpus.hpp"
#include "lot/last_error.hpp"
#include "lot/windows.hpp"

namespace park::detail {
namespace {

unsigned machine_cpus() noexcept { return std::max<unsigned>(1, ::GetActiveProcessorCount(ALL_PROCESSOR_GROUPS)); }

}  // namespace

// A mask speaks of the up to 64 CPUs of one processor group. Where it leaves none of them out, or is empty, the process may use all groups.
unsigned affinity_cpus() noexcept {
  const last_error kept;
  DWORD_PTR own = 0, all = 0;
  if (!::GetProcessAffinityMask(::GetCurrentProcess(), &own, &all) || own == 0 || own == all) return machine_cpus();
  return static_cast<unsigned>(std::bitset<64>(own).count());
}

// Of the innermost job: those around it are not to be seen.
std::optional<double> cgroup_quota_cpus(std::string_view) noexcept {
  const last_error kept;
  JOBOBJECT_CPU_RATE_CONTROL_INFORMATION limit{};
  if (!::QueryInformationJobObject(nullptr, JobObjectCpuRateControlInformation, &limit, sizeof limit, nullptr))
    return std::nullopt;
  constexpr DWORD enabled = 0x1, hard = enabled | 0x4,
                  range = enabled | 0x10;  // JOB_OBJECT_CPU_RATE_CONTROL_...: not all headers have them
  DWORD rate = 0;                          // of the machine, in hundredths of a percent
  if ((limit.ControlFlags & hard) == hard) rate = limit.CpuRate;
  if ((limit.ControlFlags & range) == range) rate = limit.CpuRate >> 16;  // MaxRate
  if (rate == 0) return std::nullopt;
  return rate / 10'000.0 * machine_cpus();
}

}  // namespace park::detail
