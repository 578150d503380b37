// The phases of a barrier, without its completion step: arrivals, the turn of the phase, and those who wait for it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// The words.
//
//   word_       bits 63..32  pending   Arrivals that this phase still lacks. 0 only while the completion step runs, and after everyone
//                                      has dropped out.
//               bits 31..1   phase     The number of the phase, modulo 2^31. The half that decides: a waiter parks while it is its own.
//               bit  0       parked    Some thread may be parked in this phase. Cleared by the turn.
//   expected_                          Arrivals of the next phase. Only drops change it, each before the arrival that it goes with.
//
// The turn. The arrival that takes pending to 0 runs the completion step, and then publishes the next phase, its pending count and a
// cleared `parked` in one exchange, which also tells it whether to unpark. After that store it uses the address alone: a thread
// released by it may destroy the barrier.
//
// Why no wake is lost: a waiter parks only on a value that it wrote or read with its own phase and `parked` set. The turn reads `parked`
// in the same exchange that ends the phase, so either it sees the bit and unparks, or the waiter's compare-exchange came later in the
// word's modification order, saw another phase, and failed. Between, park() compares phase and bit: arrivals, which change only the
// other half, wake nobody. A phase number comes round again after 2^31 turns, all within one call of park(): not in a lifetime.
//
// Why everyone sees everything: arrivals are read-modify-writes that release; the one that turns the phase acquires them all (a
// release sequence) before the completion step, and its exchange releases; a waiter's load acquires that. expected_ is read after that
// acquire, so every drop is in it.
//
// One line for all: a phase of T threads, each on a CPU of its own, moves it T times in a row for the arrivals, and then once more to
// each poller. A tree of four children a node would move 4 log4(T) lines in a row: 12 of 64 threads, 16 of 256, where the one line moves
// 64 and 256 times before the turn. It would take T / 3 further lines, so a heap or a bound on T, and gains little with as few CPUs as
// 16: 8 in a row for 16. There is none, since no machine with more has been measured.
template <parking_lot Lot>
class phase_word {
 public:
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;
  using phase_type = std::uint32_t;  // bits 31..1 of the word, in place

  // An arrival: the phase that it counted in, and whether it also ended it.
  struct arrival {
    phase_type phase;
    bool turned;
  };

  static constexpr std::ptrdiff_t max = 0x7fffffff;

  constexpr explicit phase_word(std::ptrdiff_t expected) noexcept
      : word_(static_cast<word_type>(expected) << pending_shift), expected_(static_cast<std::uint32_t>(expected)) {}

  // Counts n arrivals, n > 0. The last of a phase runs `complete` and turns it; from then on *this may be gone.
  template <class Complete>
  arrival arrive(std::ptrdiff_t n, Complete&& complete) noexcept {
    const auto arrived = static_cast<word_type>(n);
    // acq_rel: releases the caller's work, and acquires everybody's for the one that turns the phase
    const word_type before = word_.fetch_sub(arrived << pending_shift, std::memory_order_acq_rel);
    if (pending(before) > arrived) [[likely]]
      return {phase(before), false};
    if (pending(before) < arrived) [[unlikely]]
      contract_violation("barrier::arrive(n): n is greater than the pending count");
    complete();
    turn(phase(before));
    return {phase(before), true};
  }

  // The same without a completion step: where this arrival is plainly the last, one compare-exchange counts it and turns the phase.
  arrival arrive(std::ptrdiff_t n) noexcept {
    word_type seen =
        word_.load(std::memory_order_acquire);  // acquire: all other arrivals, and the drops that came with them
    if (pending(seen) == static_cast<word_type>(n)) {
      const address where = waiting_address();
      const word_type next = next_phase(phase(seen));
      // release: publishes everybody's work to the waiters. It fails only if a waiter set `parked` in between.
      if (word_.compare_exchange_strong(seen, next, std::memory_order_release, std::memory_order_relaxed)) [[likely]] {
        if (seen & parked) Lot::unpark(where, everyone);
        return {phase(seen), true};
      }
    }
    return arrive(n, [] {});
  }

  // One arrival fewer in every later phase; the caller arrives next. Precondition: somebody is expected.
  void drop() noexcept {
    // relaxed: the arrival that follows publishes it
    if (expected_.fetch_sub(1, std::memory_order_relaxed) == 0) {
      contract_violation("barrier::arrive_and_drop(): nobody is expected any more");
    }
  }

  bool passed(phase_type mine) const noexcept {
    return phase(word_.load(std::memory_order_acquire)) != mine;  // acquire: pairs with the release of the turn
  }

  bool wait(phase_type mine, limit until) const noexcept { return passed(mine) || wait_slowly(mine, until); }

  address waiting_address() const noexcept { return Lot::low_half(word_); }

 private:
  using word_type = std::uint64_t;
  static constexpr int pending_shift = 32;
  static constexpr word_type parked = 1;
  static constexpr phase_type one_phase = 2;

  static constexpr word_type pending(word_type word) noexcept { return word >> pending_shift; }
  static constexpr phase_type phase(word_type word) noexcept { return static_cast<phase_type>(word & ~parked); }

  word_type next_phase(phase_type old) const noexcept {
    const word_type expected =
        expected_.load(std::memory_order_relaxed);  // relaxed: the drops were acquired with the arrivals
    return (expected << pending_shift) | phase_type{old + one_phase};
  }

  void turn(phase_type old) noexcept {
    const address where = waiting_address();
    // release: publishes everybody's work, and the completion step's, to the waiters. The last access to *this.
    if (word_.exchange(next_phase(old), std::memory_order_release) & parked) Lot::unpark(where, everyone);
  }

  PARK_NO_INLINE bool wait_slowly(phase_type mine, limit until) const noexcept {
    const std::uint32_t threads = expected_.load(std::memory_order_relaxed);  // relaxed: a hint
    if (until.spin(waiting_address(), [=, this] { return passed(mine); }, threads)) return true;
    while (!until.reached()) {
      word_type seen = word_.load(std::memory_order_acquire);  // acquire: as in passed()
      if (phase(seen) != mine) return true;
      // relaxed: publishes nothing but the bit; see "Why no wake is lost"
      if (!(seen & parked) && !word_.compare_exchange_weak(seen, seen | parked, std::memory_order_relaxed)) continue;
      if (!until.park(waiting_address(), mine | static_cast<phase_type>(parked))) break;
    }
    return passed(mine);
  }

  mutable typename Lot::template atomic<word_type> word_;
  typename Lot::template atomic<std::uint32_t> expected_;
};

#define PARK_DECLARE_PHASE_WORD(lot) extern template class PARK_API phase_word<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_PHASE_WORD)
#undef PARK_DECLARE_PHASE_WORD

}  // namespace park::detail
