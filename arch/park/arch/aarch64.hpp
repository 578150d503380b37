// AArch64: ISB and the virtual counter.
#pragma once

#include <cstdint>

namespace park::arch {

inline constexpr const char* name = "aarch64";

// YIELD is a no-op on most cores; ISB drains the pipeline and so really leaves the line alone for a while.
inline void relax() noexcept { __asm__ volatile("isb" ::: "memory"); }

inline std::uint64_t ticks() noexcept {
  std::uint64_t now;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(now));
  return now;
}

}  // namespace park::arch
