// z/Architecture: no hint, and the TOD clock.
#pragma once

#include <cstdint>

namespace park::arch {

inline constexpr const char* name = "s390x";

// There is no such instruction for user programs: DIAGNOSE 0x44, by which one gives its time to the hypervisor, is the system's alone,
// and BCR 14 or 15 is a barrier. Linux's cpu_relax() is a compiler barrier too.
inline void relax() noexcept { __asm__ volatile("" ::: "memory"); }

// STORE CLOCK FAST, by its fields, so that it needs no -march. Unlike STORE CLOCK it may say the same twice, and so waits for nobody.
inline std::uint64_t ticks() noexcept {
  std::uint64_t now;
  __asm__ volatile(".insn s,0xb27c0000,%0" : "=Q"(now) : : "cc");
  return now;
}

}  // namespace park::arch
