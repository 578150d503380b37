// RISC-V, 64 bits: PAUSE and the time counter.
#pragma once

#include <cstdint>

namespace park::arch {

inline constexpr const char* name = "riscv64";

// PAUSE of Zihintpause, by its fields, so that it needs no -march: a FENCE that orders nothing, which cores without it pass over.
inline void relax() noexcept { __asm__ volatile(".insn i 0x0f, 0, x0, x0, 0x010" ::: "memory"); }

// Linux lets user programs read it; where it is trapped and emulated it is slow, and right all the same.
inline std::uint64_t ticks() noexcept {
  std::uint64_t now;
  __asm__ volatile("rdtime %0" : "=r"(now));
  return now;
}

}  // namespace park::arch
