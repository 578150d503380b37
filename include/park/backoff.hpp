// park::backoff: how long, and how, a thread spins before it parks.
//
//   for (park::backoff spin; spin.again();) {
//     if (ready()) { spin.paid_off(); return; }
//   }
//   ... park
//
// A spin is bounded by time, not by iterations. It pays while the thread waited for runs on another CPU, and is ruin when it waits
// for this one, so a yield tells the two apart: one that comes back at once ran nobody, one that took long ran somebody else.
//
//   1. poll with the CPU's relax instruction for the first microsecond;
//   2. then poll and yield in turn, until
//        - the time spent on this CPU reaches the budget (about what a wake across CPUs costs: at worst we pay twice the optimum), or
//        - four yields have run somebody else (CPUs are short: sleeping helps whoever is to wake us), or
//        - the deadline of the wait has passed, or, yields included, four budgets have.
//   3. A thread whose last four spins were all lost spins for the first microsecond only, without a yield, in its next sixteen waits.
//      Lost is a spin that ended in parking, or whose yields gave the CPU away for longer than the budget, as they do beside programs
//      that compute: a wake would have come sooner.
//
// The budget is zero, and again() false at once, where the process may use one CPU only: see usable_cpus().
#pragma once

#include <chrono>
#include <cstdint>

#include "park/arch/arch.hpp"
#include "park/config.hpp"
#include "park/deadline.hpp"

namespace park {

// CPUs that this process may keep busy at once, at least 1: the smallest of the machine's, the affinity mask that the process was
// started with, and the CPU quota of its cgroup (v1 or v2, rounded down). Read once, at first use.
PARK_API unsigned usable_cpus() noexcept;

// The process-wide budget of one spin. By default 25 us, or zero where usable_cpus() is 1, or what the environment variable
// PARK_SPIN_NS says (whole nanoseconds, 0 to 1000000000; anything else is refused with one line on standard error).
PARK_API std::chrono::nanoseconds spin_budget() noexcept;

// Replaces the process-wide budget, for spins that begin later, in any thread. Zero parks at once. A negative budget or one of
// more than a second is a contract violation.
PARK_API void set_spin_budget(std::chrono::nanoseconds budget) noexcept;

class backoff {
 public:
  explicit backoff(deadline until = deadline::never()) noexcept : until_(until) {}

  // True: look again, some ten nanoseconds or a yield have passed. False: park now.
  bool again() noexcept {
    if (polls_ == 0) return next_round();
    --polls_;
    arch::relax();
    return true;
  }

  // The spin ended in what it waited for. Unless its yields took too long for that, this thread's next spins are worth their time.
  PARK_API void paid_off() noexcept;

 private:
  PARK_API bool next_round() noexcept;
  bool begin() noexcept;
  bool give_up() noexcept;

  deadline until_;
  std::uint64_t started_ = 0;  // ticks; 0 before the first round
  std::uint64_t budget_ = 0;   // ticks that this thread may burn
  std::uint64_t yielded_ = 0;  // ticks in which yields ran somebody else
  std::uint32_t polls_ = 0;    // left in this round
  std::uint32_t foreign_ = 0;  // yields that ran somebody else
};

}  // namespace park
