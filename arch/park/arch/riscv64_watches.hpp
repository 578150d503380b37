// RISC-V, 64 bits. Another core's write to what LR.W has reserved ends WRS.STO.
#pragma once

#include "park/arch/watch.hpp"

namespace park::arch {
namespace watching {

inline bool has_zawrs(const features& said) noexcept { return (said.riscv_extensions >> 48 & 1) != 0; }

// WRS.STO by its fields, for assemblers that do not know it.
inline void wrs(const void* where, std::uint32_t seen, std::uint64_t until) noexcept {
  if (ticks() >= until) return;
  std::int32_t found;  // LR.W extends the sign
  __asm__ volatile(
      "lr.w %[found], (%[where])\n\t"
      "bne %[found], %[seen], 1f\n\t"
      ".insn i 0x73, 0, x0, x0, 0x01d\n"
      "1:"
      : [found] "=&r"(found)
      : [where] "r"(where), [seen] "r"(static_cast<std::int64_t>(static_cast<std::int32_t>(seen)))
      : "memory");
}

}  // namespace watching

inline constexpr watch watches[] = {
    {"generic", false, watching::always, watching::generic},
    {"wrs", true, watching::has_zawrs, watching::wrs},
};

}  // namespace park::arch
