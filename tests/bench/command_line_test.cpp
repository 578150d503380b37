// park_bench itself: bad input ends in status 2 and one line that names it, before anything is measured.
#include <gtest/gtest.h>
#include <stdio.h>     // popen
#include <sys/wait.h>  // WEXITSTATUS

#include <algorithm>
#include <array>
#include <string>

namespace {

struct ended {
  int status;
  std::string output;  // standard output and standard error
};

ended park_bench(const std::string& arguments) {
  FILE* const pipe = popen(("'" PARK_BENCH_PATH "' " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {-1, "popen failed"};
  std::string output;
  std::array<char, 4096> part;
  while (const std::size_t size = fread(part.data(), 1, part.size(), pipe)) output.append(part.data(), size);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

void expect_refused(const std::string& arguments, const std::string& named) {
  SCOPED_TRACE(arguments);
  const ended run = park_bench(arguments);
  EXPECT_EQ(2, run.status);
  EXPECT_EQ(1, std::count(run.output.begin(), run.output.end(), '\n')) << run.output;
  EXPECT_EQ(0u, run.output.find("park_bench: ")) << run.output;
  EXPECT_NE(std::string::npos, run.output.find(named)) << run.output;
}

TEST(command_line, an_unknown_workload_or_implementation) {
  expect_refused("--benchmark_filter='^no_such_workload/'", "no_such_workload");
  expect_refused("--benchmark_filter=/no_such_implementation/", "no_such_implementation");
  expect_refused("--benchmark_filter='('", "regular expression");
}

TEST(command_line, a_thread_count_that_makes_no_sense) {
  for (const char* count : {"0", "-1", "x", "100000"}) expect_refused(std::string("--threads=") + count, "--threads");
}

TEST(command_line, an_unknown_flag) { expect_refused("--no_such_flag", "--no_such_flag"); }

TEST(command_line, an_output_that_cannot_be_written) {
  expect_refused("--benchmark_out=/no/such/folder/x.json", "/no/such/folder/x.json");
  expect_refused("--benchmark_out=/", "--benchmark_out=/");
  expect_refused("--benchmark_out=", "--benchmark_out");
}

TEST(command_line, an_unknown_format) {
  expect_refused("--benchmark_format=xml", "xml");
  expect_refused("--benchmark_out=/dev/null --benchmark_out_format=xml", "xml");
}

TEST(command_line, the_names_that_are_listed_are_those_of_the_results) {
  const ended run = park_bench("--benchmark_list_tests=true --benchmark_filter='^semaphore_contended/park/threads:2$'");
  EXPECT_EQ(0, run.status) << run.output;
  EXPECT_EQ("semaphore_contended/park/threads:2\n", run.output);
  EXPECT_EQ("", park_bench("--benchmark_list_tests --benchmark_filter=^no_such_workload/").output);
}

TEST(command_line, a_cell_whose_threads_are_pinned_has_the_policy_in_its_name_and_how_many_cpus_it_was) {
  const ended run = park_bench(
      "--benchmark_filter='^semaphore_contended/park/threads:2/pin:one$' --cell_seconds=0.01 --benchmark_format=json");
  EXPECT_EQ(0, run.status) << run.output;
  EXPECT_NE(std::string::npos, run.output.find("\"name\": \"semaphore_contended/park/threads:2/pin:one\""))
      << run.output;
  EXPECT_NE(std::string::npos, run.output.find("\"pinned_cpus\": 1.0")) << run.output;
}

TEST(command_line, a_cell_that_has_no_threads_to_pin_is_not_there_with_a_policy) {
  expect_refused("--pin=one --benchmark_filter='^semaphore_uncontended/park/'", "semaphore_uncontended");
}

TEST(command_line, a_cell_is_measured) {
  const ended run = park_bench(
      "--benchmark_filter='^semaphore_contended/park/threads:2$' --cell_seconds=0.01 --benchmark_format=json");
  EXPECT_EQ(0, run.status) << run.output;
  EXPECT_NE(std::string::npos, run.output.find("\"name\": \"semaphore_contended/park/threads:2\"")) << run.output;
  EXPECT_NE(std::string::npos, run.output.find("\"wall_s\"")) << run.output;
}

}  // namespace
