#include <linux/audit.h>

#include "platform/linux_system_call.hpp"

// long park_bench_pass_through(const system_call*)
__asm__(R"(
  .text
  .hidden park_bench_pass_through
  .hidden park_bench_passed
  .globl  park_bench_pass_through
  .globl  park_bench_passed
  .type   park_bench_pass_through, %function
park_bench_pass_through:
  .cfi_startproc
  hint #34
  ldr x8, [x0]
  ldp x1, x2, [x0, #16]
  ldp x3, x4, [x0, #32]
  ldr x5, [x0, #48]
  ldr x0, [x0, #8]
  svc #0
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

const std::uint32_t audit_architecture = AUDIT_ARCH_AARCH64;

system_call trapped_call(const ucontext_t& context) noexcept {
  const auto argument = [&](int index) { return static_cast<long>(context.uc_mcontext.regs[index]); };
  return {argument(8), {argument(0), argument(1), argument(2), argument(3), argument(4), argument(5)}};
}

void set_result(ucontext_t& context, long result) noexcept {
  context.uc_mcontext.regs[0] = static_cast<unsigned long long>(result);
}

long pass_through(const system_call& call) noexcept { return park_bench_pass_through(&call); }

std::uintptr_t pass_through_address() noexcept { return reinterpret_cast<std::uintptr_t>(park_bench_passed); }

}  // namespace bench::platform
