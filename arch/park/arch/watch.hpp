// park::arch::watches: how this CPU can wait for a word to change without polling it with the caller's eyes.
//
// A watch is one bounded wait: it looks at the word after it has told the CPU what to watch, so a change that came before is seen and
// one that comes later ends the wait. How far to trust it: as a hint. It may end for no reason, and it may miss a word that was changed and
// changed back; its bound ends it then. The caller looks for itself each time.
//
//   generic   looks and relaxes in turn. Always there; for tests, and to see what a watch is worth.
//   umwait    x86 with WAITPKG: UMONITOR, UMWAIT into C0.1, the lighter of its two states, to an absolute TSC.
//   mwaitx    x86 of AMD: MONITORX, MWAITX with its timer, and in C0. Hypervisors hide it where they intercept it.
//   wfe       AArch64: LDXR, WFE. Bounded by Linux's event stream alone, which ticks each 100 us: not there where the system has none.
//   wfet      AArch64 with FEAT_WFxT: LDXR, WFET to an absolute counter.
//   wrs       RISC-V with Zawrs: LR.W, WRS.STO, whose bound the CPU chooses, and chooses short.
//
// By default where the architecture means it for short spins, bounds it itself, and no layer below takes it for idleness: `wfet` and
// `wrs`; Linux's own spinlocks wait in this way on those CPUs. Not by default: `wfe`, which may last four budgets; `umwait` and `mwaitx`,
// which are there to save power: what the way back from them adds to the fifty nanoseconds in which a line changes hands, nobody has measured
// for park. None of the five has: a CPU that has one has yet to be met.
#pragma once

#include <cstdint>

#include "park/arch/arch.hpp"

namespace park::arch {

// What the operating system says that the CPU has; 0 where it says nothing.
struct features {
  unsigned long hwcap = 0, hwcap2 = 0;  // of the auxiliary vector
  std::uint64_t riscv_extensions = 0;   // of riscv_hwprobe's key IMA_EXT_0
};

struct watch {
  const char* name;
  bool by_default;
  bool (*present)(const features& said) noexcept;

  // Returns once the 32 bits at `where` are not `seen` or ticks() has reached `until`, or for no reason; a watch may return somewhat later
  // than `until`, as its text above says.
  void (*wait)(const void* where, std::uint32_t seen, std::uint64_t until) noexcept;
};

// Of half of a 64-bit atomic too, so not by way of std::atomic. relaxed: a hint.
inline std::uint32_t look(const void* where) noexcept {
#if defined(__GNUC__)
  using any_word [[gnu::may_alias]] = const std::uint32_t;
  return __atomic_load_n(static_cast<any_word*>(where), __ATOMIC_RELAXED);
#else
  return *static_cast<const volatile std::uint32_t*>(where);
#endif
}

namespace watching {

inline bool always(const features&) noexcept { return true; }

inline void generic(const void* where, std::uint32_t seen, std::uint64_t until) noexcept {
  while (look(where) == seen && ticks() < until) relax();
}

}  // namespace watching
}  // namespace park::arch

#if defined(PARK_FORCE_GENERIC_ARCH) || !defined(__GNUC__)
#include "park/arch/generic_watches.hpp"
#elif defined(__x86_64__) || defined(__i386__)
#include "park/arch/x86_64_watches.hpp"
#elif defined(__aarch64__)
#include "park/arch/aarch64_watches.hpp"
#elif defined(__riscv) && __riscv_xlen == 64
#include "park/arch/riscv64_watches.hpp"
#else
#include "park/arch/generic_watches.hpp"
#endif
