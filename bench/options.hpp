// The command line: our own flags, and those of Google Benchmark that we must know of. All that is left belongs to it.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "harness/measurement.hpp"
#include "harness/pin_policy.hpp"

namespace bench {

// Its message is one line that says what to do next.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct options {
  enum class action { measure, list_cells, list_names, machine, probe, exercise, help };

  action what = action::measure;
  seconds cell_seconds{0.15};
  std::vector<unsigned>
      threads;         // of the workloads that sweep, in order: named by --threads, else the default sweep and the
                       // counts that --benchmark_filter names
  std::string filter;  // --benchmark_filter; empty for all
  std::vector<pin_policy> pins;  // named by --pin, and those that --benchmark_filter names; else none
  bool count_system_calls = false;
  std::string display_format = "console";  // --benchmark_format
  std::string file;                        // --benchmark_out; empty for none
  std::string file_format;                 // --benchmark_out_format; empty where there is no --benchmark_out
};

inline constexpr unsigned most_threads = 4096;

// 1, 2, 3, 4, 6, 8, 12, 16 ... up to the number of CPUs N, then 1.5 N, 2 N and 4 N.
std::vector<unsigned> default_sweep(unsigned cpus);

// Removes our flags, and the filter, from the arguments. Throws usage_error.
options parse_options(int& argc, char** argv);

void print_help();

}  // namespace bench
