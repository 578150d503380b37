#include "driver.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "google_benchmark/plain_names.hpp"
#include "machine.hpp"

namespace bench {
namespace {

std::unique_ptr<benchmark::BenchmarkReporter> make_reporter(const std::string& format) {
  using benchmark::ConsoleReporter, benchmark::JSONReporter;
  if (format == "console") return std::make_unique<plain_names<ConsoleReporter>>(ConsoleReporter::OO_None);
  if (format == "json") return std::make_unique<plain_names<JSONReporter>>();
  return nullptr;  // Google Benchmark makes its own, or has nothing to write to
}

}  // namespace

void run_registered(int argc, char** argv, const options& wanted) {
  benchmark::AddCustomContext("park_build_type", build_type());
  benchmark::Initialize(&argc, argv, print_help);
  if (argc > 1) throw usage_error(std::string("unknown flag ") + argv[1] + "; park_bench --help lists them");
  benchmark::RunSpecifiedBenchmarks(make_reporter(wanted.display_format).get(),
                                    make_reporter(wanted.file_format).get());
  benchmark::Shutdown();
}

}  // namespace bench
