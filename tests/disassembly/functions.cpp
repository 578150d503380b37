// What an architecture's back-end comes down to: one function for each of its members, to be disassembled.
#include <cstdint>

#include "park/arch/arch.hpp"
#include "park/arch/watch.hpp"

extern "C" {
void park_relax();
std::uint64_t park_ticks();
const park::arch::watch* park_watches();

void park_relax() { park::arch::relax(); }
std::uint64_t park_ticks() { return park::arch::ticks(); }
const park::arch::watch* park_watches() { return park::arch::watches; }
}
