// How many CPUs the process may use, as affinity masks and cgroups say; the latter on trees laid out for the purpose.
#include "lot/cpus.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "park/backoff.hpp"
#include "support/child.hpp"
#include "support/program.hpp"
#include "support/system_calls.hpp"

namespace {

namespace fs = std::filesystem;
using park::detail::cgroup_quota_cpus;

// A machine of files, in a temporary folder.
class cgroup : public testing::Test {
 protected:
  cgroup() {
    std::string pattern = (fs::temp_directory_path() / "park_cgroup_XXXXXX").string();
    root = mkdtemp(pattern.data());
    write("/proc/self/mountinfo",
          "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n22 21 0:20 / /proc rw,nosuid - proc proc rw\n");
    write("/proc/self/cgroup", "");
  }
  ~cgroup() override { fs::remove_all(root); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(root + path).parent_path());
    std::ofstream(root + path, std::ios::app) << text;
  }

  void mount_version2(const std::string& shows, const std::string& where) const {
    write("/proc/self/mountinfo",
          "31 21 0:29 " + shows + " " + where + " rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
  }
  void mount_version1(const std::string& shows, const std::string& where, const std::string& controllers) const {
    write("/proc/self/mountinfo",
          "32 21 0:30 " + shows + " " + where + " rw,nosuid - cgroup cgroup rw," + controllers + "\n");
  }
  void limit_version1(const std::string& folder, const std::string& quota, const std::string& period) const {
    write(folder + "/cpu.cfs_quota_us", quota + "\n");
    write(folder + "/cpu.cfs_period_us", period + "\n");
  }

  std::string root;
};

TEST_F(cgroup, is_without_a_quota_where_there_are_no_files) {
  fs::remove_all(root + "/proc");
  EXPECT_FALSE(cgroup_quota_cpus(root).has_value());
}

TEST_F(cgroup, is_without_a_quota_where_no_hierarchy_is_mounted) { EXPECT_FALSE(cgroup_quota_cpus(root).has_value()); }

TEST_F(cgroup, version2_says_quota_and_period) {
  mount_version2("/", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "0::/work\n");
  write("/sys/fs/cgroup/work/cpu.max", "150000 100000\n");
  EXPECT_DOUBLE_EQ(1.5, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, version2_says_max_for_no_quota) {
  mount_version2("/", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "0::/work\n");
  write("/sys/fs/cgroup/work/cpu.max", "max 100000\n");
  EXPECT_FALSE(cgroup_quota_cpus(root).has_value());
}

TEST_F(cgroup, version2_has_no_file_at_the_top) {
  mount_version2("/", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "0::/\n");
  EXPECT_FALSE(cgroup_quota_cpus(root).has_value());
}

TEST_F(cgroup, the_least_quota_of_those_above_counts) {
  mount_version2("/", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "0::/user/session/work\n");
  write("/sys/fs/cgroup/user/cpu.max", "200000 100000\n");
  write("/sys/fs/cgroup/user/session/cpu.max", "max 100000\n");
  write("/sys/fs/cgroup/user/session/work/cpu.max", "400000 100000\n");
  EXPECT_DOUBLE_EQ(2, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, version1_says_quota_and_period_in_two_files) {
  mount_version1("/", "/sys/fs/cgroup/cpu,cpuacct", "cpu,cpuacct");
  write("/proc/self/cgroup", "5:memory:/elsewhere\n4:cpu,cpuacct:/work\n");
  limit_version1("/sys/fs/cgroup/cpu,cpuacct/work", "50000", "100000");
  EXPECT_DOUBLE_EQ(0.5, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, version1_says_minus_one_for_no_quota) {
  mount_version1("/", "/sys/fs/cgroup/cpu", "cpu");
  write("/proc/self/cgroup", "4:cpu:/work\n");
  limit_version1("/sys/fs/cgroup/cpu/work", "-1", "100000");
  EXPECT_FALSE(cgroup_quota_cpus(root).has_value());
}

TEST_F(cgroup, version1_of_other_controllers_says_nothing) {
  mount_version1("/", "/sys/fs/cgroup/cpuset", "cpuset");
  mount_version1("/", "/sys/fs/cgroup/cpuacct", "cpuacct");
  write("/proc/self/cgroup", "4:cpuset:/work\n3:cpuacct:/work\n");
  limit_version1("/sys/fs/cgroup/cpuset/work", "50000", "100000");
  limit_version1("/sys/fs/cgroup/cpuacct/work", "50000", "100000");
  EXPECT_FALSE(cgroup_quota_cpus(root).has_value());
}

TEST_F(cgroup, both_versions_count_where_both_are_mounted) {
  mount_version1("/", "/sys/fs/cgroup/cpu", "cpu");
  mount_version2("/", "/sys/fs/cgroup/unified");
  write("/proc/self/cgroup", "4:cpu:/work\n0::/work\n");
  limit_version1("/sys/fs/cgroup/cpu/work", "300000", "100000");
  write("/sys/fs/cgroup/unified/work/cpu.max", "250000 100000\n");
  EXPECT_DOUBLE_EQ(2.5, cgroup_quota_cpus(root).value());
}

// In a container: the mount shows the container's own cgroup, while /proc/self/cgroup names it from the host's top.
TEST_F(cgroup, a_mount_may_show_the_hierarchy_from_below_its_top) {
  mount_version1("/docker/4f1c", "/sys/fs/cgroup/cpu", "cpu");
  write("/proc/self/cgroup", "4:cpu:/docker/4f1c\n");
  limit_version1("/sys/fs/cgroup/cpu", "100000", "100000");
  EXPECT_DOUBLE_EQ(1, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, a_cgroup_inside_of_what_the_mount_shows_is_found) {
  mount_version2("/docker/4f1c", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "0::/docker/4f1c/inner\n");
  write("/sys/fs/cgroup/cpu.max", "400000 100000\n");
  write("/sys/fs/cgroup/inner/cpu.max", "300000 100000\n");
  EXPECT_DOUBLE_EQ(3, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, a_mount_of_a_cgroup_with_a_like_name_is_none_of_ours) {
  mount_version2("/docker/4f1c", "/mnt/other");
  write("/proc/self/cgroup", "0::/docker/4f1c22\n");
  write("/mnt/other/cpu.max", "100000 100000\n");
  EXPECT_FALSE(cgroup_quota_cpus(root).has_value());
}

TEST_F(cgroup, a_mount_of_somebody_elses_cgroup_does_not_limit_this_process) {
  mount_version2("/", "/sys/fs/cgroup");
  mount_version2("/docker/4f1c", "/mnt/other");
  write("/proc/self/cgroup", "0::/work\n");
  write("/sys/fs/cgroup/work/cpu.max", "400000 100000\n");
  write("/mnt/other/cpu.max", "100000 100000\n");
  EXPECT_DOUBLE_EQ(4, cgroup_quota_cpus(root).value());
}

// mountinfo says \040 for a space, \011 for a tab, \012 for the end of a line and \134 for a backslash.
TEST_F(cgroup, a_mount_may_have_any_letter_in_its_name) {
  mount_version2("/my\\134work", "/mnt/c\\040groups\\011\\012");
  write("/proc/self/cgroup", "0::/my\\work/inner\n");
  write("/mnt/c groups\t\n/inner/cpu.max", "300000 100000\n");
  EXPECT_DOUBLE_EQ(3, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, a_backslash_that_begins_no_letter_is_itself) {
  mount_version2("/", "/mnt/a\\9\\04");
  write("/proc/self/cgroup", "0::/\n");
  write("/mnt/a\\9\\04/cpu.max", "300000 100000\n");
  EXPECT_DOUBLE_EQ(3, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, lines_of_any_length_and_number_are_passed_over) {
  for (int index = 0; index < 200; ++index) {
    write("/proc/self/mountinfo", "40 21 0:40 / /layers rw - overlay overlay lower=" +
                                      std::string(static_cast<std::size_t>(97 * index), 'x') + "\n");
    write("/proc/self/cgroup",
          std::to_string(index) + ":name=" + std::string(static_cast<std::size_t>(53 * index), 'x') + ":/\n");
  }
  mount_version2("/", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "0::/work");  // no end of the last line
  write("/sys/fs/cgroup/work/cpu.max", "300000 100000");
  EXPECT_DOUBLE_EQ(3, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, of_a_path_that_is_too_long_what_lies_above_counts) {
  mount_version2("/", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "0::/" + std::string(3000, 'x') + "\n");
  write("/sys/fs/cgroup/cpu.max", "300000 100000\n");
  EXPECT_DOUBLE_EQ(3, cgroup_quota_cpus(root).value());
}

TEST_F(cgroup, files_that_make_no_sense_say_nothing) {
  mount_version2("/", "/sys/fs/cgroup");
  write("/proc/self/cgroup", "nonsense\n0::/work\n");
  write("/proc/self/mountinfo", "\nshort line\n");
  write("/sys/fs/cgroup/work/cpu.max", "100000 0\n");
  EXPECT_FALSE(cgroup_quota_cpus(root).has_value());
}

TEST(cpus, of_the_affinity_mask_are_counted) {
  cpu_set_t mask;
  ASSERT_EQ(0, sched_getaffinity(0, sizeof mask, &mask));
  EXPECT_EQ(static_cast<unsigned>(CPU_COUNT(&mask)), park::detail::affinity_cpus());
}

TEST(cpus, that_are_usable_are_no_more_than_the_affinity_mask_and_the_quota_allow) {
  EXPECT_GE(park::usable_cpus(), 1u);
  EXPECT_LE(park::usable_cpus(), park::detail::affinity_cpus());
  EXPECT_LE(park::usable_cpus(), std::max(1.0, cgroup_quota_cpus().value_or(park::usable_cpus())));
}

void keep_one_cpu() {
  cpu_set_t mask, one;
  sched_getaffinity(0, sizeof mask, &mask);
  int cpu = 0;
  while (!CPU_ISSET(cpu, &mask)) ++cpu;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
}

// Says what the library makes of the process that it finds itself in.
const support::program settings("settings", [] {
  std::printf("usable_cpus %u spin_budget %lld\n", park::usable_cpus(),
              static_cast<long long>(park::spin_budget().count()));
  std::fflush(stdout);
  return 0;
});

const support::program pin_then_settings("pin_then_settings", [] {
  keep_one_cpu();
  return settings.run();
});

TEST(cpus, the_spin_budget_is_zero_where_one_can_be_used) {
  EXPECT_EQ("usable_cpus 1 spin_budget 0\n", support::run_program("settings", [] {
                                               unsetenv("PARK_SPIN_NS");
                                               keep_one_cpu();
                                             }).output);
}

// The mask that counts is the process's own, not that of a thread that pins itself later.
TEST(cpus, of_the_mask_that_the_process_was_started_with_count) {
  const auto prepare = [] { unsetenv("PARK_SPIN_NS"); };
  EXPECT_EQ(support::run_program("settings", prepare).output,
            support::run_program("pin_then_settings", prepare).output);
}

// Exits with 0 if as many spins in vain open no file, with 1 if they open one.
template <int Spins>
int spin_without_files() {
  park::set_spin_budget(std::chrono::milliseconds(100));  // a preemption is no yield that took four budgets
  return support::without_opening_files([] {
           for (int spins = 0; spins < Spins; ++spins) {
             for (park::backoff spin; spin.again();) {
             }
           }
         }).signal == SIGSYS;
}
// Four that are lost, and 32 that are spared for it.
const support::program thirty_six_spins("thirty_six_spins", spin_without_files<36>);
const support::program one_more_spin("one_more_spin", spin_without_files<37>);

TEST(cpus, the_quota_is_read_once_a_spin_is_lost_after_those_that_were_spared) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  EXPECT_EQ(0, support::run_program("thirty_six_spins", [] {}).exit_code);
  EXPECT_EQ(1, support::run_program("one_more_spin", [] {}).exit_code);
}

class spin_setting : public testing::Test {
 protected:
  static std::string output_with(const char* value) {
    return support::run_program("settings", [value] { setenv("PARK_SPIN_NS", value, 1); }).output;
  }
};

TEST_F(spin_setting, is_taken_from_the_environment) {
  for (const char* const value : {"0", "1", "1500", "1000000000"}) {
    const std::string output = output_with(value);
    EXPECT_NE(std::string::npos, output.find(std::string("spin_budget ") + value + "\n")) << output;
  }
}

TEST_F(spin_setting, that_makes_no_sense_is_refused_in_one_line) {
  const std::string standard = support::run_program("settings", [] { unsetenv("PARK_SPIN_NS"); }).output;
  for (const char* const value : {"", "x", "-1", "1000000001", "99999999999999999999", "1.5", "10us", " 5", "0x10"}) {
    const std::string output = output_with(value);
    const std::string refusal =
        std::string("park: PARK_SPIN_NS is \"") + value + "\"; it takes whole nanoseconds from 0 to 1000000000.";
    EXPECT_EQ(0u, output.find(refusal)) << output;
    ASSERT_GT(output.size(), standard.size()) << output;
    EXPECT_EQ(standard, output.substr(output.size() - standard.size()));
    EXPECT_EQ(output.size() - standard.size() - 1, output.find('\n')) << "more than one line: " << output;
  }
}

}  // namespace
