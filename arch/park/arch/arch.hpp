// park::arch of the CPU that is compiled for: `name`, relax() and ticks(), and nothing else.
//
//   relax()   tells the core that this thread polls: one short pause, no memory effect.
//   ticks()   a counter that runs at a constant rate, cheap to read; park::backoff calibrates it once.
#pragma once

#if defined(PARK_FORCE_GENERIC_ARCH)
#include "park/arch/generic.hpp"
#elif defined(__x86_64__) || defined(__i386__) || defined(_M_X64) || defined(_M_IX86)
#include "park/arch/x86_64.hpp"
#elif defined(__aarch64__) && defined(__GNUC__)
#include "park/arch/aarch64.hpp"
#else
#include "park/arch/generic.hpp"
#endif
