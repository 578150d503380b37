// Any other CPU: a compiler barrier and the steady clock.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace park::arch {

inline constexpr const char* name = "generic";

inline void relax() noexcept { std::atomic_signal_fence(std::memory_order_seq_cst); }

inline std::uint64_t ticks() noexcept {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace park::arch
