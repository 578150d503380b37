// park_bench: measures park and its peers. park_bench --help lists the flags.
#include <cstdio>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "catalogue.hpp"
#include "driver.hpp"
#include "machine.hpp"
#include "options.hpp"
#include "platform/system_call_counter.hpp"
#include "probe.hpp"

namespace {

constexpr int broken_status = 1, usage_status = 2, unsupported_status = 3;

int complain(const char* message, int status) {
  std::fprintf(stderr, "park_bench: %s\n", message);
  return status;
}

int measure(int argc, char** argv, const bench::options& wanted) {
  if (!bench::built_for_measuring) {
    complain("this build has assertions on (NDEBUG is not defined); its figures are not those of a release build", 0);
  }
  bench::register_cells(wanted);
  bench::run_registered(argc, argv, wanted);
  return 0;
}

// As Google Benchmark lists its own, but by the names that a result has.
int print_names(const bench::options& wanted) {
  for (const std::string& name : bench::list_names(wanted)) std::printf("%s\n", name.c_str());
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
    if (wanted.what == action::list_names) return print_names(wanted);
    if (wanted.what == action::machine) return std::cout << bench::describe_machine().dump(2) << '\n', 0;
    if (wanted.what == action::probe) return std::cout << bench::probe().dump(2) << '\n', 0;
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
