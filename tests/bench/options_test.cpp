// bench::parse_options: what park_bench understands, and what it refuses.
#include "options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace {

// The arguments as main() has them; those that are left belong to Google Benchmark.
class command_line {
 public:
  explicit command_line(std::vector<std::string> arguments) : words_(std::move(arguments)) {
    words_.insert(words_.begin(), "park_bench");
    for (std::string& word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
    count_ = static_cast<int>(words_.size());
  }

  bench::options parse() { return bench::parse_options(count_, pointers_.data()); }
  std::vector<std::string> left() const { return {pointers_.begin() + 1, pointers_.begin() + count_}; }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
  int count_;
};

void expect_refused(const std::string& argument) {
  SCOPED_TRACE(argument);
  try {
    command_line({argument}).parse();
    FAIL() << "it was taken";
  } catch (const bench::usage_error& error) {
    const std::string message = error.what();
    EXPECT_NE(std::string::npos, message.find(argument)) << message;
    EXPECT_EQ(std::string::npos, message.find('\n')) << message;
  }
}

TEST(options, our_own_flags_are_taken_and_the_others_left) {
  command_line line({"--cell_seconds=0.5", "--benchmark_out=/dev/null", "--threads=4,1,2,4", "--count_system_calls",
                     "--benchmark_filter=^hand_off/", "--benchmark_counters_tabular=true"});
  const bench::options found = line.parse();
  EXPECT_EQ(bench::options::action::measure, found.what);
  EXPECT_EQ(0.5, found.cell_seconds.count());
  EXPECT_EQ((std::vector<unsigned>{1, 2, 4}), found.threads);
  EXPECT_EQ("^hand_off/", found.filter);
  EXPECT_TRUE(found.count_system_calls);
  EXPECT_EQ("json", found.file_format);
  EXPECT_EQ((std::vector<std::string>{"--benchmark_out=/dev/null", "--benchmark_counters_tabular=true"}), line.left());
}

TEST(options, a_thread_count_in_the_filter_is_added_to_the_default_sweep) {
  const std::vector<unsigned> counts = command_line({"--benchmark_filter=^x/park/threads:77$"}).parse().threads;
  EXPECT_EQ(1, std::count(counts.begin(), counts.end(), 77u));
  EXPECT_EQ(1, std::count(counts.begin(), counts.end(), 1u));
}

TEST(options, the_default_sweep_ends_at_four_times_the_cpus) {
  EXPECT_EQ((std::vector<unsigned>{1, 2, 4}), bench::default_sweep(1));
  EXPECT_EQ((std::vector<unsigned>{1, 2, 3, 4, 8}), bench::default_sweep(2));
  EXPECT_EQ((std::vector<unsigned>{1, 2, 3, 4, 6, 8, 12, 16, 32}), bench::default_sweep(8));
}

TEST(options, thread_counts_that_make_no_sense_are_refused) {
  for (const char* counts : {"0", "-1", "x", "", "1,,2", "1,", "1.5", "4097", "100000", "99999999999999999999", " 1"}) {
    expect_refused(std::string("--threads=") + counts);
  }
  expect_refused("--benchmark_filter=threads:0");
  expect_refused("--benchmark_filter=threads:100000");
}

TEST(options, pin_policies_are_taken_from_the_flag_or_else_from_the_filter_and_are_none_by_default) {
  using enum bench::pin_policy;
  EXPECT_EQ((std::vector{none}), command_line({}).parse().pins);
  EXPECT_EQ((std::vector{none, cores, one}), command_line({"--pin=one,cores,none,one"}).parse().pins);
  EXPECT_EQ((std::vector{numa}), command_line({"--benchmark_filter=^x/park/threads:7/pin:numa$"}).parse().pins);
  for (const char* pins : {"", "core", "none,", "all", "1"}) expect_refused(std::string("--pin=") + pins);
  expect_refused("--benchmark_filter=pin:here");
}

TEST(options, durations_that_make_no_sense_are_refused) {
  for (const char* duration : {"0", "-1", "x", "", "nan", "inf", "1s", "4000"}) {
    expect_refused(std::string("--cell_seconds=") + duration);
  }
  for (const char* duration : {"0", "-1", "x", "", "100x", "4000"}) {
    expect_refused(std::string("--benchmark_min_time=") + duration);
  }
}

TEST(options, a_duration_as_google_benchmark_has_it_is_one_of_a_cell) {
  EXPECT_EQ(0.5, command_line({"--benchmark_min_time=0.5"}).parse().cell_seconds.count());
  EXPECT_EQ(0.25, command_line({"--benchmark_min_time=0.25s"}).parse().cell_seconds.count());
}

}  // namespace
