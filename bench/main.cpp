// park_bench: measures park and its peers. park_bench --help lists the flags.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "catalogue.hpp"
#include "machine.hpp"
#include "options.hpp"
#include "plain_names.hpp"
#include "platform/system_call_counter.hpp"

namespace {

constexpr int broken_status = 1, usage_status = 2, unsupported_status = 3;

int complain(const char* message, int status) {
  std::fprintf(stderr, "park_bench: %s\n", message);
  return status;
}

std::unique_ptr<benchmark::BenchmarkReporter> make_reporter(const std::string& format) {
  using benchmark::ConsoleReporter, benchmark::JSONReporter;
  if (format == "console") return std::make_unique<bench::plain_names<ConsoleReporter>>(ConsoleReporter::OO_None);
  if (format == "json") return std::make_unique<bench::plain_names<JSONReporter>>();
  return nullptr;  // Google Benchmark makes its own, or has nothing to write to
}

int measure(int argc, char** argv, const bench::options& wanted) {
  if (!bench::built_for_measuring) {
    complain("this build has assertions on (NDEBUG is not defined); its figures are not those of a release build", 0);
  }
  bench::register_cells(wanted);
  benchmark::AddCustomContext("park_build_type", bench::build_type());
  benchmark::Initialize(&argc, argv, bench::print_help);
  if (argc > 1) throw bench::usage_error(std::string("unknown flag ") + argv[1] + "; park_bench --help lists them");
  benchmark::RunSpecifiedBenchmarks(make_reporter(wanted.display_format).get(),
                                    make_reporter(wanted.file_format).get());
  benchmark::Shutdown();
  return 0;
}

int exercise_all() {
  for (const bench::implementation& one : bench::implementations()) {
    try {
      one.exercise();
      std::printf("%s: works\n", one.name);
    } catch (const std::exception& error) {
      return complain((std::string(one.name) + ": " + error.what()).c_str(), broken_status);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  using action = bench::options::action;
  try {
    const bench::options wanted = bench::parse_options(argc, argv);
    if (wanted.what == action::help) return bench::print_help(), 0;
    if (wanted.what == action::list_cells) return std::cout << bench::list_cells().dump(2) << '\n', 0;
    if (wanted.what == action::machine) return std::cout << bench::describe_machine().dump(2) << '\n', 0;
    if (wanted.what == action::exercise) return exercise_all();
    if (wanted.count_system_calls) {
      try {
        bench::platform::install_system_call_counter();
      } catch (const std::exception& error) {
        return complain((std::string("system calls cannot be counted here: ") + error.what()).c_str(),
                        unsupported_status);
      }
    }
    return measure(argc, argv, wanted);
  } catch (const bench::usage_error& error) {
    return complain(error.what(), usage_status);
  }
}
