#include <linux/audit.h>

#include "platform/linux_system_call.hpp"

// long park_bench_pass_through(const system_call*)
__asm__(R"(
  .text
  .hidden park_bench_pass_through
  .hidden park_bench_passed
  .globl  park_bench_pass_through
  .globl  park_bench_passed
  .type   park_bench_pass_through, @function
park_bench_pass_through:
  .cfi_startproc
  endbr64
  movq  0(%rdi), %rax
  movq 16(%rdi), %rsi
  movq 24(%rdi), %rdx
  movq 32(%rdi), %r10
  movq 40(%rdi), %r8
  movq 48(%rdi), %r9
  movq  8(%rdi), %rdi
  syscall
park_bench_passed:
  ret
  .cfi_endproc
  .size park_bench_pass_through, . - park_bench_pass_through
)");

extern "C" {
__attribute__((visibility("hidden"))) long park_bench_pass_through(const bench::platform::system_call*);
__attribute__((visibility("hidden"))) extern const char park_bench_passed[];
}

namespace bench::platform {

const std::uint32_t audit_architecture = AUDIT_ARCH_X86_64;

system_call trapped_call(const ucontext_t& context) noexcept {
  const auto& registers = context.uc_mcontext.gregs;
  return {registers[REG_RAX],
          {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX], registers[REG_R10], registers[REG_R8],
           registers[REG_R9]}};
}

void set_result(ucontext_t& context, long result) noexcept { context.uc_mcontext.gregs[REG_RAX] = result; }

long pass_through(const system_call& call) noexcept { return park_bench_pass_through(&call); }

std::uintptr_t pass_through_address() noexcept { return reinterpret_cast<std::uintptr_t>(park_bench_passed); }

}  // namespace bench::platform
