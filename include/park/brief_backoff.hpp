// park::brief_backoff: a few polls, for a lot whose own sleep begins with a spin.
//
// WaitOnAddress spins in the system for some microseconds before it sleeps, until a wake and not until the word changes: to spin here for
// long would pay the same twice. Eight polls, well below a microsecond, catch what is just happening, before anyone registers as a waiter.
// None where spin_budget() is zero; a larger one does not make them more.
#pragma once

#include <chrono>
#include <cstdint>

#include "park/arch/arch.hpp"
#include "park/backoff.hpp"
#include "park/deadline.hpp"

namespace park {

class brief_backoff {
 public:
  explicit brief_backoff(deadline = deadline::never(), std::uint32_t = 1, const void* = nullptr) noexcept {}

  // True: look again. False: park now.
  bool again() noexcept {
    if (polled_ == polls || (polled_ == 0 && spin_budget() == std::chrono::nanoseconds::zero())) return false;
    ++polled_;
    arch::relax();
    return true;
  }

  void paid_off() noexcept {}

 private:
  static constexpr std::uint32_t polls = 8;

  std::uint32_t polled_ = 0;
};

}  // namespace park
