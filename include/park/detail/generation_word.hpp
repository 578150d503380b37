// The generations of a cyclic_barrier, without its action: who has arrived, how each generation ends, and those who wait for that.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "park/config.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// The word.
//
//   bits 63..32  count       Filling: how many have arrived; all of them have while the last runs the action. Broken or resetting: how many
//                            of them have not yet left.
//   bits 31..3   generation  Its number, modulo 2^29. With the two fields below the half that decides: waiters park while it is as it was.
//   bits 2..1    state       filling     Whoever comes is counted; if all have arrived, it waits at the door, uncounted.
//                            broken      Whoever comes is turned away.
//                            resetting   Whoever comes waits at the door until all who were counted have left.
//   bit  0       parked      Some thread may be parked: counted, or at the door. Set by a waiter before it parks, not where the barrier
//                            is broken; cleared by each change of state or generation, which wakes all.
//
//   filling -> the next generation, filling      by the last to arrive, once its action has run
//   filling -> broken                            abort(), a limit, an action that throws
//   filling -> resetting                         reset() while some wait
//   broken <-> resetting                         reset() until all have left, abort()
//   resetting -> the next generation, filling    by the last to leave
//   broken -> the next generation, filling       reset() once all have left
//
// Why everyone learns how its own generation ended, however late it looks. The number changes in two ways only: the generation was
// completed, or it was broken and all whom it counted have left. A thread that was counted and has not left finds, therefore: another
// number only if its generation was completed, whatever has become of later ones; its own number and `filling` only while nothing is
// decided; its own number and another state only if its generation was broken. In the last case it leaves, in one step, and only
// then can the barrier be whole again. (A number comes round after 2^29 generations, all while one waiter of a completed one does not run.)
//
// Why no two actions overlap: the thread in an action is counted until it has completed the generation or left it, and nobody is counted
// for the next before.
//
// Why no wake is lost: a waiter parks only on a value that it wrote or read with `parked` set and its reason to wait. That reason ends
// only by a change of state or generation, which reads `parked` in the same compare-exchange: so either it sees the bit, clears it, and
// unparks all, or the waiter's compare-exchange came later in the word's modification order, and failed. Between, park() compares
// generation, state and bit: arrivals and departures, which change only the other half, wake nobody. A thread at the door, which
// nothing counts, sleeps on the number as well: it never comes back within 2^29 generations.
//
// Why everyone sees everything: each write is a read-modify-write, and so of the release sequence of each release before it. Arrivals
// release, and the last acquires them all by its look before the action; the end of a generation, by whatever way, releases, and each waiter's
// last look acquires that. Departures release too: so an action is ordered before the next even where its generation was broken.
template <parking_lot Lot>
class generation_word {
 public:
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;
  using half = std::uint32_t;

  // Where one call of wait() stands.
  enum class place : std::uint8_t {
    outside,   // not counted; perhaps at the door
    inside,    // counted, and nothing is decided
    acting,    // counted last: has the action to run
    complete,  // its generation is complete
    broken     // its generation is broken, or it was turned away
  };
  struct visit {
    place at = place::outside;
    half generation = 0;       // in place; once counted
    std::ptrdiff_t index = 0;  // once counted
    bool undecided() const noexcept { return at == place::outside || at == place::inside; }
  };

  static constexpr std::ptrdiff_t max = 0x7fffffff;

  constexpr explicit generation_word(std::ptrdiff_t parties) noexcept
      : word_(0), parties_(static_cast<half>(parties)) {}

  std::ptrdiff_t parties() const noexcept { return static_cast<std::ptrdiff_t>(parties_); }

  std::ptrdiff_t waiting() const noexcept {
    const word_type seen = word_.load(std::memory_order_relaxed);  // relaxed: for display
    return state(seen) == filling ? static_cast<std::ptrdiff_t>(count(seen)) : 0;
  }

  bool is_broken() const noexcept { return state(look()) == broken; }

  // Counts the visit, unless it is turned away or has to wait at the door. Without an action to run, the last one also completes the
  // generation, in the same step; from then on *this may be gone.
  void arrive(visit& mine, bool with_action) noexcept {
    const address where = waiting_address();
    for (word_type seen = look(); !is_closed(seen); seen = look()) {
      if (state(seen) == broken) return void(mine.at = place::broken);
      const auto before = static_cast<half>(count(seen));
      const bool last = before + 1 == parties_;
      const std::ptrdiff_t index = parties() - 1 - static_cast<std::ptrdiff_t>(before);
      // release: publishes the caller's work, and, where it is the last, everybody's, which look() has acquired
      if (!word_.compare_exchange_weak(seen, last && !with_action ? next_generation(seen) : seen + one_count,
                                       std::memory_order_release, std::memory_order_relaxed)) {
        continue;
      }
      mine = {!last ? place::inside : with_action ? place::acting : place::complete, generation(seen), index};
      if (mine.at == place::complete && (seen & parked)) Lot::unpark(where, everyone);
      return;
    }
  }

  // The rest of an undecided visit: until its generation is over, or it has the action to run. False: the limit has been reached.
  PARK_NO_INLINE bool proceed(visit& mine, bool with_action, limit until) noexcept {
    while (mine.at == place::outside) {
      if (!wait_while([this](word_type seen) { return is_closed(seen); }, until)) return false;
      arrive(mine, with_action);
    }
    if (mine.at != place::inside) return true;
    return wait_while([&mine](word_type seen) { return is_on(mine, seen); }, until) && settle(mine, look());
  }

  // Of a visit whose action has run: completes the generation, unless it was broken meanwhile.
  void complete(visit& mine) noexcept {
    end(mine, place::complete, [](word_type seen) { return next_generation(seen); });
  }

  // Of a visit that has reached its limit, or whose action has thrown: breaks the generation and leaves it, unless it is over by now.
  PARK_NO_INLINE void give_up(visit& mine) noexcept {
    if (mine.at != place::outside)
      return end(mine, place::broken, [](word_type seen) { return with(broken, seen - one_count); });
    abort();
    mine.at = place::broken;
  }

  void abort() noexcept {
    for (word_type seen = look(); state(seen) != broken && !publish(seen, with(broken, seen)); seen = look()) {
    }
  }

  void reset() noexcept {
    for (;;) {
      const word_type seen = look();
      if (state(seen) == resetting || (state(seen) == filling && count(seen) == 0)) return;
      if (publish(seen, count(seen) == 0 ? next_generation(seen) : with(resetting, seen))) return;
    }
  }

  address waiting_address() const noexcept { return Lot::low_half(word_); }

 private:
  using word_type = std::uint64_t;
  static constexpr int count_shift = 32;
  static constexpr word_type one_count = word_type{1} << count_shift;
  static constexpr half parked = 1, one_generation = 8;
  static constexpr half filling = 0, broken = 2, resetting = 4, states = 6;

  static constexpr word_type count(word_type word) noexcept { return word >> count_shift; }
  static constexpr half state(word_type word) noexcept { return static_cast<half>(word) & states; }
  static constexpr half generation(word_type word) noexcept { return static_cast<half>(word) & ~(states | parked); }

  static constexpr word_type with(half state, word_type word) noexcept {
    return (word & ~word_type{states | parked}) | state;
  }
  // Filling, and nobody has arrived.
  static constexpr word_type next_generation(word_type word) noexcept {
    return half{generation(word) + one_generation};
  }

  // The two reasons to wait: outside, and inside.
  bool is_closed(word_type word) const noexcept {
    return state(word) == resetting || (state(word) == filling && count(word) == parties_);
  }
  static bool is_on(const visit& mine, word_type word) noexcept {
    return generation(word) == mine.generation && state(word) == filling;
  }

  word_type look() const noexcept {
    return word_.load(std::memory_order_acquire);  // acquire: pairs with publish() and arrive()
  }

  // One change of the word. Where it clears `parked` it wakes all. The last access to *this: a waiter may destroy it from then on.
  bool publish(word_type seen, word_type next) noexcept {
    const address where = waiting_address();
    const word_type cleared = seen & ~next & parked;
    // release: publishes the caller's work, and all that it has acquired, to those who wait
    if (!word_.compare_exchange_weak(seen, next, std::memory_order_release, std::memory_order_relaxed)) return false;
    if (cleared) Lot::unpark(where, everyone);
    return true;
  }

  // Of a visit that was counted. True: its generation is over, and if it is broken, the visit has left.
  bool settle(visit& mine, word_type seen) noexcept {
    if (is_on(mine, seen)) return false;
    if (generation(seen) != mine.generation) return mine.at = place::complete, true;
    mine.at = place::broken;
    for (;; seen = look()) {
      const bool last = state(seen) == resetting && count(seen) == 1;
      if (publish(seen, last ? next_generation(seen) : seen - one_count)) return true;
    }
  }

  // Of a visit that was counted: ends the generation in one step, unless it is over by now.
  template <class Next>
  void end(visit& mine, place at, Next next) noexcept {
    for (;;) {
      const word_type seen = look();
      if (settle(mine, seen)) return;
      if (publish(seen, next(seen))) return void(mine.at = at);
    }
  }

  // False: the limit has been reached, and the reason to wait holds.
  template <class Reason>
  bool wait_while(Reason holds, limit until) noexcept {
    if (until.spin(waiting_address(), [&] { return !holds(look()); }, parties_)) return true;
    while (!until.reached()) {
      word_type seen = look();
      if (!holds(seen)) return true;
      // relaxed: publishes nothing but the bit; see "Why no wake is lost"
      if (!(seen & parked) && !word_.compare_exchange_weak(seen, seen | parked, std::memory_order_relaxed)) continue;
      if (!until.park(waiting_address(), static_cast<half>(seen) | parked)) break;
    }
    return !holds(look());
  }

  typename Lot::template atomic<word_type> word_;
  const half parties_;
};

#define PARK_DECLARE_GENERATION_WORD(lot) extern template class PARK_API generation_word<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_GENERATION_WORD)
#undef PARK_DECLARE_GENERATION_WORD

}  // namespace park::detail
