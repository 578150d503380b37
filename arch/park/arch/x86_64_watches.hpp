// x86-64 and 32-bit x86.
#pragma once

#include <cpuid.h>

#include "park/arch/watch.hpp"

namespace park::arch {
namespace watching {

inline bool has_waitpkg(const features&) noexcept {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ecx >> 5 & 1) != 0;
}

inline bool has_monitorx(const features&) noexcept {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) != 0 && (ecx >> 29 & 1) != 0;
}

inline void umwait(const void* where, std::uint32_t seen, std::uint64_t until) noexcept {
  constexpr std::uint32_t c01 = 1;
  __asm__ volatile(
      "umonitor %[where]\n\t"
      "cmpl %[seen], (%[where])\n\t"
      "jne 1f\n\t"
      "umwait %[state]\n"
      "1:"
      :
      : [where] "r"(where), [seen] "r"(seen), [state] "r"(c01), "a"(static_cast<std::uint32_t>(until)),
        "d"(static_cast<std::uint32_t>(until >> 32))
      : "memory", "cc");
}

inline void mwaitx(const void* where, std::uint32_t seen, std::uint64_t until) noexcept {
  constexpr std::uint32_t c0 = 0xf0, timed = 2, longest = 0x7fffffff;
  const std::uint64_t now = ticks();
  if (now >= until) return;
  const std::uint32_t most = until - now < longest ? static_cast<std::uint32_t>(until - now) : longest;
  std::uint32_t hints = 0, extensions = 0;
  __asm__ volatile(
      "monitorx\n\t"
      "cmpl %[seen], (%[where])\n\t"
      "jne 1f\n\t"
      "movl %[c0], %%eax\n\t"
      "movl %[timed], %%ecx\n\t"
      "mwaitx\n"
      "1:"
      : "+a"(where), "+c"(extensions), "+d"(hints)
      : [where] "D"(where), [seen] "S"(seen), "b"(most), [c0] "i"(c0), [timed] "i"(timed)
      : "memory", "cc");
}

}  // namespace watching

inline constexpr watch watches[] = {
    {"generic", false, watching::always, watching::generic},
    {"umwait", false, watching::has_waitpkg, watching::umwait},
    {"mwaitx", false, watching::has_monitorx, watching::mwaitx},
};

}  // namespace park::arch
