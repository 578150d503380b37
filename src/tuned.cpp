// The constants where they can be changed: see tuning.hpp.
#ifndef PARK_TUNABLE
#define PARK_TUNABLE 1  // not built then, but linted
#endif

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tune.hpp"

namespace park::detail {

constinit tuning tuned;

namespace {

// A measurement of other constants than were asked for is worse than none.
bool read_environment() {
  const char* const text = std::getenv("PARK_TUNING");
  const std::string complaint = text != nullptr ? tune(tuned, text) : std::string();
  if (complaint.empty()) return true;
  std::fprintf(stderr, "park: PARK_TUNING: %s\n", complaint.c_str());
  std::_Exit(2);
}

const bool read_at_load = read_environment();

}  // namespace
}  // namespace park::detail
