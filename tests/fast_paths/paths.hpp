// The paths that are stepped through.
#pragma once

#include <span>

#include "fast_paths/fast_paths.hpp"
#include "fast_paths/step.hpp"

namespace fast_paths {

// `run` makes objects of its own, calls begin(), and then the function, once.
struct path {
  const char* name;
  const char* function;
  void (*entry)();
  void (*run)(begin_function begin);
};

#define PARK_FUNCTION(name) #name, reinterpret_cast<void (*)()>(name)

// Nobody waits, and nobody contends.
std::span<const path> quiet_paths();

// Others sleep, and are woken, by as many system calls whatever they do meanwhile.
std::span<const path> waking_paths();

}  // namespace fast_paths
