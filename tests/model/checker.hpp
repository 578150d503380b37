// Runs one scenario through one search.
#pragma once

#include <cstdint>
#include <string>

#include "scenario.hpp"

namespace model {

struct outcome {
  bool holds;
  std::string verdict;  // "holds", or what went wrong, e.g. "data race"
  std::uint64_t schedules;
  double seconds;
  std::string history;  // of the schedule that failed, step by step
};

outcome run(const entry& what, search how);

// What model.cpp is told by the checker: a new schedule begins; the running thread has returned from its part.
void begin_schedule(search how);
void thread_returned();

}  // namespace model
