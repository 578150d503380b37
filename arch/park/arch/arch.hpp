// park::arch of the CPU that is compiled for: `name`, relax() and ticks(). What else it can do is in watch.hpp.
//
//   relax()   tells the core that this thread polls: one short pause, no memory effect.
//   ticks()   a counter that runs at a constant rate, cheap to read; park::backoff calibrates it once.
#pragma once

#if defined(PARK_FORCE_GENERIC_ARCH)
#include "park/arch/generic.hpp"
#elif defined(__x86_64__) || defined(__i386__) || defined(_M_X64) || defined(_M_IX86)
#include "park/arch/x86_64.hpp"
#elif !defined(__GNUC__)  // nor a compiler that takes its assembly
#include "park/arch/generic.hpp"
#elif defined(__aarch64__)
#include "park/arch/aarch64.hpp"
#elif defined(__riscv) && __riscv_xlen == 64
#include "park/arch/riscv64.hpp"
#elif defined(__powerpc64__)
#include "park/arch/ppc64.hpp"
#elif defined(__s390x__)
#include "park/arch/s390x.hpp"
#elif defined(__loongarch_lp64) || (defined(__loongarch__) && __loongarch_grlen == 64)
#include "park/arch/loongarch64.hpp"
#elif defined(__arm__) && __ARM_ARCH >= 7
#include "park/arch/arm.hpp"
#else
#include "park/arch/generic.hpp"
#endif
