// A system call that seccomp has trapped, on this CPU: how to read it, make it after all, and hand over its result.
#pragma once

#include <ucontext.h>

#include <array>
#include <cstdint>

namespace bench::platform {

struct system_call {
  long number;
  std::array<long, 6> arguments;
};

// AUDIT_ARCH_* of this CPU.
extern const std::uint32_t audit_architecture;

system_call trapped_call(const ucontext_t& context) noexcept;
void set_result(ucontext_t& context, long result) noexcept;

// Makes the call from the one place that the filter lets through; the kernel's own result, -errno on failure.
long pass_through(const system_call& call) noexcept;

// The instruction pointer that the kernel sees for a call made by pass_through.
std::uintptr_t pass_through_address() noexcept;

}  // namespace bench::platform
