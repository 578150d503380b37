// LoongArch, 64 bits: a full barrier and the stable counter.
#pragma once

#include <cstdint>

namespace park::arch {

inline constexpr const char* name = "loongarch64";

// There is no hint to give. DBAR 0 holds the next poll back until the last one has its value: without it the core runs ahead with loads
// of the line that it must all take back once the line changes, which is what PAUSE of x86 is for.
inline void relax() noexcept { __asm__ volatile("dbar 0" ::: "memory"); }

inline std::uint64_t ticks() noexcept {
  std::uint64_t now;
  __asm__ volatile("rdtime.d %0, $zero" : "=r"(now));
  return now;
}

}  // namespace park::arch
