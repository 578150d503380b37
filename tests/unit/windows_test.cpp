// What park asks of Windows, beside where threads park: names, the main thread, CPUs, memory.
#include <gtest/gtest.h>
#include <windows.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "lot/cpus.hpp"
#include "lot/memory.hpp"
#include "native_thread.hpp"
#include "park/thread.hpp"

namespace {

TEST(windows, shows_the_name_of_a_thread) {
  std::string shown;
  park::thread({.name = "r\u00e9ader \U0001F6A6"}, [&] { shown = park::detail::name_of_this_native_thread(); }).join();
  if (shown.empty() && GetProcAddress(GetModuleHandleW(L"kernelbase.dll"), "GetThreadDescription") == nullptr)
    GTEST_SKIP() << "threads have names from Windows 10, version 1607, on";
  EXPECT_EQ("r\u00e9ader \U0001F6A6", shown);
}

TEST(windows, shows_the_first_of_a_long_name_in_whole_characters) {
  std::string shown;
  park::thread({.name = std::string(254, 'x') + "\u00e9"}, [&] {
    shown = park::detail::name_of_this_native_thread();
  }).join();
  if (shown.empty()) GTEST_SKIP() << "threads have names from Windows 10, version 1607, on";
  EXPECT_EQ(std::string(254, 'x'), shown);
}

TEST(windows, a_thread_without_a_name_has_none) {
  std::string name = "?";
  std::thread([&] { name = park::this_thread::name(); }).join();
  EXPECT_EQ("", name);
}

TEST(windows, knows_the_main_thread) {
  EXPECT_TRUE(park::detail::is_main_thread());
  std::thread([] { EXPECT_FALSE(park::detail::is_main_thread()); }).join();
}

TEST(windows, counts_the_cpus_of_the_affinity_mask) {
  const HANDLE self = GetCurrentProcess();
  DWORD_PTR before = 0, all = 0;
  ASSERT_TRUE(GetProcessAffinityMask(self, &before, &all));
  EXPECT_GE(park::detail::affinity_cpus(), 1u);
  const DWORD_PTR lowest = before & (~before + 1);
  if (lowest == all) GTEST_SKIP() << "one CPU is all there is";
  ASSERT_TRUE(SetProcessAffinityMask(self, lowest));
  EXPECT_EQ(1u, park::detail::affinity_cpus());
  ASSERT_TRUE(SetProcessAffinityMask(self, before));
}

// Last: a process cannot leave its job.
TEST(windows, reads_the_cpu_rate_of_its_job) {
  const HANDLE job = CreateJobObjectW(nullptr, nullptr);
  ASSERT_NE(nullptr, job);
  JOBOBJECT_CPU_RATE_CONTROL_INFORMATION half{};
  half.ControlFlags = 0x1 | 0x4;  // enabled, a hard cap
  half.CpuRate = 50'00;
  if (!SetInformationJobObject(job, JobObjectCpuRateControlInformation, &half, sizeof half) ||
      !QueryInformationJobObject(job, JobObjectCpuRateControlInformation, &half, sizeof half, nullptr))
    GTEST_SKIP() << "this system limits no job's CPU time";
  ASSERT_TRUE(AssignProcessToJobObject(job, GetCurrentProcess()));
  half.CpuRate = 100'00;
  EXPECT_DOUBLE_EQ(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS) / 2.0, park::detail::cgroup_quota_cpus().value());
  SetInformationJobObject(job, JobObjectCpuRateControlInformation, &half, sizeof half);
}

TEST(windows, fresh_memory_is_zero_and_aligned) {
  const std::size_t size = 100'000;
  SetLastError(4711);
  const auto* const memory = static_cast<const unsigned char*>(park::detail::fresh_memory(size));
  EXPECT_EQ(4711u, GetLastError());
  ASSERT_NE(nullptr, memory);
  EXPECT_EQ(0u, reinterpret_cast<std::uintptr_t>(memory) % 64);
  for (std::size_t each = 0; each < size; ++each) ASSERT_EQ(0, memory[each]);
}

TEST(windows, fresh_memory_that_is_too_much_is_none) {
  EXPECT_EQ(nullptr, park::detail::fresh_memory(std::size_t{1} << 60));
}

}  // namespace
