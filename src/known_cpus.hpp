// What a spin goes by before the CPU quota has been read. Reading it takes as long as several spins, so it waits until that many were lost.
#pragma once

#include <chrono>

namespace park::detail {

// usable_cpus() once that has been called, from wherever; until then without the quota.
unsigned known_cpus() noexcept;

// spin_budget(), of known_cpus().
std::chrono::nanoseconds known_spin_budget() noexcept;

}  // namespace park::detail
