// x86-64 (and 32-bit x86): PAUSE and the time-stamp counter.
#pragma once

#include <cstdint>
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#endif

namespace park::arch {

#if defined(__x86_64__) || defined(_M_X64)
inline constexpr const char* name = "x86_64";
#else
inline constexpr const char* name = "i386";
#endif

// 10 cycles on some cores, 140 on others: callers count time, not iterations.
inline void relax() noexcept {
#if defined(_MSC_VER) && !defined(__clang__)
  _mm_pause();
#else
  __builtin_ia32_pause();  // no header: gcc's and clang's declare all the vector instructions with it, to every user of park
#endif
}

// Not serialising: good to some tens of nanoseconds, which is all that a spin needs.
inline std::uint64_t ticks() noexcept {
#if defined(_MSC_VER) && !defined(__clang__)
  return __rdtsc();
#else
  return __builtin_ia32_rdtsc();
#endif
}

}  // namespace park::arch
