// POWER, 64 bits: a moment at the lowest priority, and the time base.
#pragma once

#include <cstdint>

namespace park::arch {

inline constexpr const char* name = "ppc64";

// Very low priority, the yield hint, and back to medium, which is where every thread begins: up to seven others share the core. Any
// program may set these, and a core that knows one of them not takes it for the move that it is, of a register to itself.
inline void relax() noexcept { __asm__ volatile("or 31,31,31\n\tor 27,27,27\n\tor 2,2,2" ::: "memory"); }

inline std::uint64_t ticks() noexcept {
  std::uint64_t now;
  __asm__ volatile("mftb %0" : "=r"(now));
  return now;
}

}  // namespace park::arch
