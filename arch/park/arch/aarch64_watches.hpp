// AArch64. Another core's write to the line that LDXR marked is an event, which ends WFE.
#pragma once

#include "park/arch/watch.hpp"

namespace park::arch {
namespace watching {

inline bool has_event_stream(const features& said) noexcept { return (said.hwcap >> 2 & 1) != 0; }  // HWCAP_EVTSTRM
inline bool has_wfxt(const features& said) noexcept { return (said.hwcap2 >> 31 & 1) != 0; }        // HWCAP2_WFXT

inline void wfe(const void* where, std::uint32_t seen, std::uint64_t until) noexcept {
  if (ticks() >= until) return;
  std::uint32_t found;
  __asm__ volatile(
      "ldxr %w[found], [%[where]]\n\t"
      "cmp %w[found], %w[seen]\n\t"
      "b.ne 1f\n\t"
      "wfe\n"
      "1:"
      : [found] "=&r"(found)
      : [where] "r"(where), [seen] "r"(seen)
      : "memory", "cc");
}

// WFET by its fields, for assemblers that do not know it.
inline void wfet(const void* where, std::uint32_t seen, std::uint64_t until) noexcept {
  std::uint32_t found;
  __asm__ volatile(
      "ldxr %w[found], [%[where]]\n\t"
      "cmp %w[found], %w[seen]\n\t"
      "b.ne 1f\n\t"
      "msr s0_3_c1_c0_0, %[until]\n"
      "1:"
      : [found] "=&r"(found)
      : [where] "r"(where), [seen] "r"(seen), [until] "r"(until)
      : "memory", "cc");
}

}  // namespace watching

inline constexpr watch watches[] = {
    {"generic", false, watching::always, watching::generic},
    {"wfe", false, watching::has_event_stream, watching::wfe},
    {"wfet", true, watching::has_wfxt, watching::wfet},
};

}  // namespace park::arch
