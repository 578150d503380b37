#include <elf.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "fast_paths/registers.hpp"

namespace fast_paths {
namespace {

user_regs_struct registers_of(pid_t child) noexcept {
  user_regs_struct registers{};
  iovec where = {&registers, sizeof registers};
  ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &where);
  return registers;
}

}  // namespace

// A step clears the exclusive monitor, so that a loop of ldxr and stxr never ends; ldadd and cas are single instructions.
const char* no_stepping() noexcept {
  constexpr unsigned long atomics = 1ul << 8;  // HWCAP_ATOMICS
  return getauxval(AT_HWCAP) & atomics ? nullptr
                                       : "this CPU has no atomic instructions (LSE), and ldxr cannot be stepped";
}

std::uintptr_t program_counter(pid_t child) noexcept { return registers_of(child).pc; }

bool calls_the_system(pid_t child, std::uintptr_t at) noexcept {
  constexpr long opcode = 0xd4000001;  // svc #0
  return (ptrace(PTRACE_PEEKTEXT, child, at, nullptr) & 0xffffffff) == opcode;
}

std::uintptr_t return_address(pid_t child) noexcept { return registers_of(child).regs[30]; }

}  // namespace fast_paths
