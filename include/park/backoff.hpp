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
//   1. Poll for half a microsecond, with one relax instruction between two polls at first and eight later: each poll takes the line
//      from whoever is at work on it.
//      Where the CPU can watch an address, and the caller named the word that its wait watches, polls after the first four give
//      way to watches of it, of at most half a microsecond each: see PARK_RELAX.
//   2. Then yield and poll, or watch, in turn, until
//        - the time spent on this CPU reaches the budget (about what a wake across CPUs costs: at worst we pay twice the optimum) or
//          what was left until the wait's deadline, or
//        - four yields have run somebody else (sleeping helps whoever is to wake us), or
//        - four of these have passed, yields included.
//
// Where CPUs are short, the polls before the first yield are left out: all of them where the caller says that more threads wait here
// than there are CPUs (four yields of either kind are enough there); all but the first where this thread has learnt it.
//
// What a thread learns from its last spins:
//
//   - A spin is lost if it ended in parking, or if its yields gave the CPU away for longer than the budget. After four lost in a row
//     (those beside more threads than CPUs aside) the next 32 spins end after four polls; if the one after them is lost too, the next
//     32, and so on until a spin pays off.
//   - A yield that took four budgets ran a program that computes, and ran it for a slice of milliseconds: a wake would have come
//     sooner. The next 32 spins end after four polls.
//   - CPUs are short if four spins in a row paid off behind nothing but yields that ran somebody else. This holds until a spin pays off
//     sooner or a yield runs nobody; and every 512th wait parks at once, since threads that yield to each other stay on one CPU for
//     ever, while a wake moves one of them to an idle CPU where there is one.
//
// Where others fight for the word, as for a mutex that is held for some nanoseconds again and again, the caller looks seldom: after the first
// four polls a microsecond apart. Whoever has a CPU works on undisturbed in between, many critical sections of it; a look more often takes
// the line from it each time. A thread that got nothing in these four polls is in a fight, and leaves them out in its next 64 spins of this
// kind.
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
// started with, and the CPU quota of its cgroup (v1 or v2, rounded down). Counted once: at the first call, or when a thread has
// lost a spin after the first ones that it was spared. Spins before that know the mask alone, since reading the quota takes as long as
// several of them.
PARK_API unsigned usable_cpus() noexcept;

// The process-wide budget of one spin. By default 25 us, or zero where usable_cpus() is 1, or what the environment variable
// PARK_SPIN_NS says (whole nanoseconds, 0 to 1000000000; anything else is refused with one line on standard error).
PARK_API std::chrono::nanoseconds spin_budget() noexcept;

// Replaces the process-wide budget, for spins that begin later, in any thread. Zero parks at once. A negative budget or one of
// more than a second is a contract violation.
PARK_API void set_spin_budget(std::chrono::nanoseconds budget) noexcept;

// How spins wait between two looks: "poll", by looking again after a relax instruction or eight; or the name of one of the watches in
// park/arch/watch.hpp. By default a watch where the CPU has one that pays, or what the environment variable PARK_RELAX says (anything that this CPU
// does not have is refused with one line on standard error).
PARK_API const char* relax_in_use() noexcept;

class backoff {
 public:
  // `threads`: how many are known to wait for each other here, this one included. `watched`: 32 bits, aligned, that change when what the
  // thread waits for comes; null where there is no such word.
  explicit backoff(deadline until = deadline::never(), std::uint32_t threads = 1,
                   const void* watched = nullptr) noexcept
      : until_(until), watched_(watched), threads_(threads) {}

  // True: look again, some ten nanoseconds or a yield have passed. False: park now.
  bool again() noexcept {
    if (polls_ == 0) return next_round();
    --polls_;
    if (apart_ != 0) return pause(), true;
    for (std::uint32_t each = 0; each < gap_; ++each) arch::relax();
    return true;
  }

  // Of a thread that may have to fight with others for the word that it looks at. To be called before the first again().
  void look_seldom() noexcept { seldom_ = true; }

  // The spin ended in what it waited for: the thread learns from it.
  PARK_API void paid_off() noexcept;

 private:
  enum class phase : std::uint8_t { fresh, polling, yielding };

  PARK_API bool next_round() noexcept;
  PARK_API void pause() const noexcept;
  bool begin() noexcept;
  bool yield(std::uint64_t now) noexcept;
  void watch(std::uint64_t most) noexcept;
  bool give_up() noexcept;

  deadline until_;
  const void* watched_;
  std::uint64_t started_ = 0;  // ticks; 0 before the first look at the clock
  std::uint64_t budget_ = 0;   // ticks that this thread may burn
  std::uint64_t yielded_ = 0;  // ticks in which yields ran somebody else
  std::uint64_t apart_ = 0;    // ticks between two looks; 0: gap_ relax instructions
  std::uint32_t threads_;
  std::uint32_t seen_ = 0;     // of what is watched, before the caller's last look
  std::uint32_t gap_ = 1;      // relax instructions between two polls
  std::uint32_t polls_ = 0;    // left in this round
  std::uint16_t yields_ = 0;   // so far
  std::uint16_t foreign_ = 0;  // yields that ran somebody else
  phase phase_ = phase::fresh;
  bool spared_ = false;       // four polls and no more
  bool known_crowd_ = false;  // more threads than CPUs
  bool seldom_ = false;       // others may fight for the word
  bool fights_ = false;       // the thread has learnt that they do: no first round
};

}  // namespace park
