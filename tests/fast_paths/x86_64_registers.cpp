#include <sys/ptrace.h>
#include <sys/user.h>

#include "fast_paths/registers.hpp"

namespace fast_paths {
namespace {

user_regs_struct registers_of(pid_t child) noexcept {
  user_regs_struct registers{};
  ptrace(PTRACE_GETREGS, child, nullptr, &registers);
  return registers;
}

}  // namespace

const char* no_stepping() noexcept { return nullptr; }

std::uintptr_t program_counter(pid_t child) noexcept { return registers_of(child).rip; }

bool calls_the_system(pid_t child, std::uintptr_t at) noexcept {
  constexpr long opcode = 0x050f;  // syscall
  return (ptrace(PTRACE_PEEKTEXT, child, at, nullptr) & 0xffff) == opcode;
}

std::uintptr_t return_address(pid_t child) noexcept {
  return static_cast<std::uintptr_t>(ptrace(PTRACE_PEEKDATA, child, registers_of(child).rsp, nullptr));
}

}  // namespace fast_paths
