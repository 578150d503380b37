// x86-64 (and 32-bit x86): PAUSE and the time-stamp counter.
#pragma once

#include <cstdint>
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#else
#include <x86intrin.h>
#endif

namespace park::arch {

inline constexpr const char* name = "x86_64";

// 10 cycles on some cores, 140 on others: callers count time, not iterations.
inline void relax() noexcept { _mm_pause(); }

// Not serialising: good to some tens of nanoseconds, which is all that a spin needs.
inline std::uint64_t ticks() noexcept { return __rdtsc(); }

}  // namespace park::arch
