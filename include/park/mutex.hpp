// park::mutex: one thread at a time holds it; the others wait. Not recursive.
//
//   park::mutex access;
//   ... { const std::lock_guard hold(access); ... }
//   if (access.try_lock_for(10ms)) { ... access.unlock(); }
//
// Model: std::timed_mutex [thread.timedmutex.class], Lockable and TimedLockable: std::lock_guard, unique_lock and scoped_lock take it.
//   The stop_token members are ours.
// Ordering: each unlock() synchronizes with every later lock of any kind that succeeds.
// Fairness: a thread that never slept may overtake those who sleep, until one of them that has been woken in vain has waited for a
//   millisecond: from then on only such threads get the mutex until each of them has had it. See "Why nobody waits for long".
// Lifetime: a mutex may be destroyed by a thread that has locked and unlocked it after its last other use, even while the unlock()
//   before that is still waking others: nobody may be waiting then.
// Signals: on futex_lot try_lock() and unlock() are async-signal-safe.
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is.
// Misuse: to unlock a mutex that nobody holds ends in park::contract_violation. To unlock one that another thread holds is undefined
//   and not seen: there is no room for an owner in four bytes; park::recursive_mutex has one. A thread that locks it twice waits for
//   itself.
// Cost: 4 bytes. lock() is one compare-exchange, unlock() another; a futex call only to sleep or to wake a sleeper, though a wait that
//   spins first may yield, and a wait that gave up may cost one wake of nobody.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/detail/patience.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park {

namespace detail {

template <parking_lot Lot>
class wait_queue;
template <parking_lot Lot, class Lock>
class held_lock;

}  // namespace detail

template <parking_lot Lot>
class basic_mutex {
 public:
  constexpr basic_mutex() noexcept : word_(0) {}
  basic_mutex(const basic_mutex&) = delete;
  basic_mutex& operator=(const basic_mutex&) = delete;

  void lock() noexcept {
    if (!try_lock()) lock_slowly({});
  }

  // False only if some moment during the call had the mutex locked, or kept for a thread that has waited for long.
  [[nodiscard]] bool try_lock() noexcept {
    word_type seen = 0;
    // acquire: pairs with the release in unlock(), through any read-modify-writes between
    return word_.compare_exchange_strong(seen, held, std::memory_order_acquire, std::memory_order_relaxed);
  }

  // Wakes one who waits. Precondition: the calling thread holds the mutex.
  void unlock() noexcept {
    const auto where = Lot::whole(word_);
    word_type seen = held;
    // release: publishes the caller's work. Where it succeeds, the last access to *this: the next holder may destroy it.
    if (!word_.compare_exchange_strong(seen, 0, std::memory_order_release, std::memory_order_relaxed)) [[unlikely]]
      unlock_slowly(where, seen);
  }

  // True when locked, false on timeout. Zero or less, and times past, do not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
    return try_lock() || slowly().wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time) {
    return try_lock() || slowly().wait_until(time);
  }

  // As their namesakes, and false once a stop is requested of `stop` while the mutex cannot be had.
  template <stoppable_token Token>
  [[nodiscard]] bool lock(Token stop) {
    return try_lock() || slowly().wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool try_lock_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return try_lock() || slowly().wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) {
    return try_lock() || slowly().wait_until(std::move(stop), time);
  }

 private:
  // The word.
  //
  //   bit  0      held      Some thread holds the mutex.
  //   bit  1      parked    Some thread may be parked. Set by who is about to park, and by every waiter that has slept when it takes
  //                         the mutex or leaves. Cleared by unlock(), which then wakes one.
  //   bits 31..2  starving  Waiters that have been woken and have waited for longer than detail::patience, or have given way to such
  //                         waiters once. While there are any, only they may take the mutex. A free mutex that nobody starves for
  //                         is 0.
  //
  // Why no wake is lost. Call a waiter in charge from the moment that its park() returns, since an unpark may have been spent on it.
  // Invariant: if a thread is asleep then `parked` is set, or somebody is in charge, or is about to unpark; and if the mutex is free
  // too, then somebody is in charge or about to unpark, or a thread that may take the mutex is awake.
  //
  //   unlock()       clears `parked` in the step that frees the mutex, and unparks one.
  //   in charge      ends in one of three ways, each a read-modify-write or park's own look at the word: it takes the mutex and sets
  //                  `parked`; it parks, on a value with `parked` set, and if that is free (kept for those who starve) it gives way:
  //                  it unparks one more before; or it leaves, sets `parked`, and if the mutex is free unparks one.
  //   starving       parks on a value with `held` only, since it takes what is free; so an unlock() that comes first turns it back.
  //                  It leaves only in a step that finds the mutex held.
  //   giving up      is a read-modify-write even where park() returned false: a value from before an earlier unlock() that woke this
  //                  thread would not tell that its `parked` is gone.
  //
  // Why a thread spins once only, before it first sleeps, and looks seldom then. While threads fight for the mutex each has it for some
  // nanoseconds, many times before another gets its line: whoever looks takes the line from it, and one that is woken in vain and spins
  // takes a CPU from those who get on. It sleeps again at once; the next unlock() wakes it. One of a condition variable's, in charge from
  // the first, looks often: those before it in the chain lock and unlock once, and all wait for that.
  //
  // Why nobody waits for long. Lots wake the thread that parked first, so a parked thread is woken after at most as many wakes as
  // there were threads parked before it; and wakes follow each other: who is woken takes the mutex, starves, or, having waited for
  // less than a millisecond, parks again. A woken thread that has waited for longer counts itself as starving in one step, after
  // which the mutex changes hands only between those who starve: the holder of that moment is the last that may have barged. It
  // waits for no others than threads that have waited for a millisecond, or given way, themselves, each once, since one that comes
  // back is young again. So beyond the millisecond it waits for one critical section of each of these and for the wakes between.
  // Nobody gives way twice, so that two who are woken in turn, as a lot may do by their priorities, do not keep a third asleep.
  using word_type = std::uint32_t;
  using limit = detail::wait_limit<Lot>;
  static constexpr word_type held = 1, parked = 2, one_starving = 4;

  // `self` is one_starving for a thread that is counted there, else 0.
  static constexpr bool may_take(word_type word, word_type self) noexcept {
    return !(word & held) && (word < one_starving || self != 0);
  }

  PARK_NO_INLINE void unlock_slowly(typename Lot::address where, word_type seen) noexcept {
    do {
      if (!(seen & held)) contract_violation("mutex::unlock(): the mutex is not locked");
      // release: as in unlock(). The last access to *this.
    } while (!word_.compare_exchange_weak(seen, seen & ~(held | parked), std::memory_order_release,
                                          std::memory_order_relaxed));
    if (seen & parked) Lot::unpark(where, 1);
  }

  // `charged`: `parked` once this thread has slept, and is in charge; else 0.
  PARK_NO_INLINE bool lock_slowly(limit until, word_type charged = 0) noexcept {
    const auto where = Lot::whole(word_);
    const auto has_it = [=, this] { return take(charged); };
    if (charged != 0 ? until.spin(where, has_it) : until.spin_for_lock(where, has_it)) return true;
    if (until.reached()) return try_lock();
    const detail::patience<Lot> patience;
    word_type self = 0;  // one_starving once this thread is counted there
    bool gave_way = false, given_up = false;
    for (word_type seen = word_.load(std::memory_order_relaxed);;) {
      if (may_take(seen, self)) {
        // acquire: as in try_lock()
        if (exchange(seen, ((seen - self) | held | charged), std::memory_order_acquire)) return true;
      } else if (given_up) {
        if (exchange(seen, (seen - self) | charged, std::memory_order_relaxed)) return leave(seen);
      } else if (charged != 0 && self == 0 && (gave_way || patience.over())) {
        if (exchange(seen, seen + one_starving, std::memory_order_relaxed)) self = one_starving;
      } else if (!(seen & parked)) {
        exchange(seen, seen | parked, std::memory_order_relaxed);
      } else {
        if (charged != 0 && !(seen & held)) {
          Lot::unpark(Lot::whole(word_), 1);  // whoever it is kept for may be asleep
          gave_way = true;
        }
        given_up = !until.park(Lot::whole(word_), seen) || until.expired();
        charged = parked;
        seen = word_.load(std::memory_order_relaxed);
      }
    }
  }

  // Of a spinning thread: writes only where it may take the mutex.
  bool take(word_type charged) noexcept {
    word_type seen = word_.load(std::memory_order_relaxed);
    // acquire: as in try_lock()
    return may_take(seen, 0) && exchange(seen, seen | held | charged, std::memory_order_acquire);
  }

  // The wake that this thread may have been given goes to somebody else.
  bool leave(word_type left) const noexcept {
    if (!(left & held)) Lot::unpark(Lot::whole(word_), 1);
    return false;
  }

  bool exchange(word_type& seen, word_type next, std::memory_order order) noexcept {
    if (!word_.compare_exchange_weak(seen, next, order, std::memory_order_relaxed)) return false;
    seen = next;
    return true;
  }

  // For a condition variable, whose threads may sleep here without having asked for the mutex: it moves them, being in charge itself.
  friend class detail::wait_queue<Lot>;
  template <parking_lot, class>
  friend class detail::held_lock;

  typename Lot::address address() const noexcept { return Lot::whole(word_); }

  bool is_held() const noexcept {
    return (word_.load(std::memory_order_relaxed) & held) != 0;  // relaxed: no more than a guess
  }

  // Of a thread that may have slept here, and so is in charge.
  void lock_in_charge() noexcept { lock_slowly({}, parked); }

  // Of a thread in charge that does not want the mutex.
  PARK_NO_INLINE void pass_on() noexcept {
    word_type seen = word_.load(std::memory_order_relaxed);
    while (seen & held) {
      // relaxed: publishes nothing but the bit. A write even where that is set: an older value may have it.
      if (exchange(seen, seen | parked, std::memory_order_relaxed)) return;
    }
    Lot::unpark(address(), 1);
  }

  // The rest of a bounded wait, after the first look.
  auto slowly() {
    return detail::bounded<Lot>([this](limit until) { return lock_slowly(until); }, Lot::whole(word_));
  }

  typename Lot::template atomic<word_type> word_;
};

#define PARK_DECLARE_MUTEX(lot) extern template class PARK_API basic_mutex<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_MUTEX)
#undef PARK_DECLARE_MUTEX

// A class of its own, as its namesake is.
class mutex : public basic_mutex<native_lot> {
 public:
  using basic_mutex<native_lot>::basic_mutex;
};

}  // namespace park
