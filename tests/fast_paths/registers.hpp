// What stepping must know of the architecture; one file each.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace fast_paths {

// Why this CPU cannot be stepped; null where it can be.
const char* no_stepping() noexcept;

// Of a child that ptrace has stopped.
std::uintptr_t program_counter(pid_t child) noexcept;

// Whether the instruction there calls the system.
bool calls_the_system(pid_t child, std::uintptr_t at) noexcept;

// Of a child that has just entered a function.
std::uintptr_t return_address(pid_t child) noexcept;

}  // namespace fast_paths
