// A child process whose one thread, and those that it starts, may make some system calls alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sandbox/call_table.hpp"
#include "support/child.hpp"

namespace sandbox {

struct outcome {
  support::ended child;
  std::string refused;  // the system call that ended it; empty: none did
};

// Runs what `prepare` returns in a child, under the filter; `prepare` itself runs there without. It may leave threads behind, which are free.
outcome run(const std::function<std::function<void()>()>& prepare, const std::vector<permitted>& calls);

}  // namespace sandbox
