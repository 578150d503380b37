// count_guarded(): all threads of a team increment one plain counter, on a line of its own, under one guard.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "workloads/workload.hpp"

namespace bench {

// guarded(section) calls section() where no other thread does. One operation: one such call.
template <class Guarded>
measurement count_guarded(const settings& how, Guarded guarded) {
  isolated<std::uint64_t> counter(0u);
  team members(how.threads);
  members.run(how.window, [&](worker& self) {
    while (self.go_on()) {
      self.perform([&] {
        guarded([&] {
          ++*counter;
          benchmark::ClobberMemory();
        });
      });
    }
  });
  if (*counter != members.operations_in_all()) {
    throw std::runtime_error("mutual exclusion broken: " + std::to_string(members.operations_in_all()) +
                             " operations counted to " + std::to_string(*counter));
  }
  measurement found = members.found();
  for (unsigned index = 0; index < members.size(); ++index) {
    found.shares.push_back(members.operations_in_window(index));
  }
  return found;
}

}  // namespace bench
