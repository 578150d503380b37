// ARM, 32 bits, version 7 or later: ISB and the steady clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace park::arch {

inline constexpr const char* name = "arm";

// As on AArch64, whose cores run this too: YIELD is a no-op on most of them, ISB is not.
inline void relax() noexcept { __asm__ volatile("isb" ::: "memory"); }

// The virtual counter would be cheaper, but many systems keep user programs from it.
inline std::uint64_t ticks() noexcept {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace park::arch
