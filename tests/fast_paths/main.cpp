// Steps through each path, one instruction at a time, and prints where it went:
//
//   x86_64 gcc-12 -O3 -DNDEBUG               how this was compiled: architecture, compiler, flags
//   latch_wait latch_wait 0 0 2 4 9          a path, its function, its system calls, and, where nobody waits, the executed instructions'
//                                            distances from the function's begin
//
// Exit status 3: this machine cannot step, for the reason on standard error.
#include <cstdint>
#include <cstdio>
#include <string>

#include "fast_paths/paths.hpp"
#include "fast_paths/step.hpp"

namespace fast_paths {
namespace {

// Returns the exit status.
int print(const path& each, bool with_instructions) {
  const auto entry = reinterpret_cast<std::uintptr_t>(each.entry);
  const stepped way = step_through(each.run, entry);
  if (!way.problem.empty()) {
    std::fprintf(stderr, "%s: %s\n", each.name, way.problem.c_str());
    return way.possible ? 1 : 3;
  }
  std::printf("%s %s %d", each.name, each.function, way.system_calls);
  if (with_instructions) {
    for (const std::uintptr_t at : way.instructions) std::printf(" %td", static_cast<std::ptrdiff_t>(at - entry));
  }
  std::puts("");
  return 0;
}

int print_all() {
  std::puts(PARK_FAST_PATHS_BUILD);
  int status = 0;
  for (const path& each : quiet_paths()) status = status != 0 ? status : print(each, true);
  for (const path& each : waking_paths()) status = status != 0 ? status : print(each, false);
  return status;
}

}  // namespace
}  // namespace fast_paths

int main() { return fast_paths::print_all(); }
