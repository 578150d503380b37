// Which instructions one call of a function executes, found by single-stepping a child process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fast_paths {

using begin_function = void (*)();

struct stepped {
  std::vector<std::uintptr_t> instructions;  // the address of each, in order, up to the function's return
  int system_calls = 0;                      // of these
  std::string problem = {};                  // why there are none
  bool possible = true;                      // false: this machine cannot step
};

// `run` calls begin() and then the function at `entry`. It is run twice, the second time watched.
stepped step_through(void (*run)(begin_function begin), std::uintptr_t entry);

}  // namespace fast_paths
