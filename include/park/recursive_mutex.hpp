// park::recursive_mutex: a mutex that the thread that holds it may lock again; it is free once that has unlocked it as often.
//
//   park::recursive_mutex access;
//   void both() { const std::lock_guard hold(access); one(), other(); }
//   void one() { const std::lock_guard hold(access); ... }
//
// Model: std::recursive_timed_mutex [thread.timedmutex.recursive] and threading.RLock of Python: std::lock_guard, unique_lock and
//   scoped_lock take it. The stop_token members are ours.
// Ordering: each unlock() that frees it synchronizes with every later lock of any kind that succeeds.
// Fairness, Cancellation: as of park::mutex.
// Lifetime: as of park::mutex: the thread that has it last may destroy it, even while the unlock() before that is still waking others.
// Signals: on futex_lot try_lock() and unlock() are async-signal-safe, but not in the middle of a call on the same object: the
//   handler is the thread that it interrupts.
// Misuse: unlock() by a thread that does not hold it throws park::not_owner_error and changes nothing. A lock beyond max_depth()
//   changes nothing either: lock() throws std::system_error (resource_unavailable_try_again), the others return false. Where the
//   library is compiled without exceptions, what would throw ends in park::contract_violation. A thread that ends while it holds the
//   mutex leaves it locked, and a later thread may be taken for it.
// Cost: 16 bytes. The first lock() and the last unlock() are those of park::mutex beside a load and a store; those between are one
//   load.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <system_error>
#include <utility>

#include "park/config.hpp"
#include "park/detail/this_thread.hpp"
#include "park/mutex.hpp"
#include "park/native_lot.hpp"

namespace park {

// What unlock() throws in a thread that does not hold the mutex: a std::system_error of operation_not_permitted, as POSIX has it.
class PARK_API not_owner_error : public std::system_error {
 public:
  not_owner_error();
  ~not_owner_error() override;
};

namespace detail {

[[noreturn]] PARK_API void throw_not_owner();
[[noreturn]] PARK_API void throw_too_deep();

}  // namespace detail

template <parking_lot Lot>
class basic_recursive_mutex {
 public:
  // How often one thread may lock it without unlocking it.
  static constexpr std::uint32_t max_depth() noexcept { return 0xffffff; }

  constexpr basic_recursive_mutex() noexcept : owner_(nobody) {}
  basic_recursive_mutex(const basic_recursive_mutex&) = delete;
  basic_recursive_mutex& operator=(const basic_recursive_mutex&) = delete;

  void lock() {
    if (is_mine()) return deepen_or_throw();
    mutex_.lock();
    own();
  }

  // False only if another thread holds it, or is about to after a long wait, or at max_depth().
  [[nodiscard]] bool try_lock() noexcept { return is_mine() ? deepen() : mutex_.try_lock() && own(); }

  // Undoes one lock; the last of them wakes one who waits.
  void unlock() {
    expect_mine();
    if (--depth_ == 0) disown();
  }

  // True when locked, false on timeout. Zero or less, and times past, do not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
    return is_mine() ? deepen() : mutex_.try_lock_for(timeout) && own();
  }

  // Never false before `time` on Clock, but for depth; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time) {
    return is_mine() ? deepen() : mutex_.try_lock_until(time) && own();
  }

  // As their namesakes, and false once a stop is requested of `stop` while the mutex cannot be had.
  template <stoppable_token Token>
  [[nodiscard]] bool lock(Token stop) {
    if (is_mine()) return deepen_or_throw(), true;
    return mutex_.lock(std::move(stop)) && own();
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool try_lock_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return is_mine() ? deepen() : mutex_.try_lock_for(std::move(stop), timeout) && own();
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) {
    return is_mine() ? deepen() : mutex_.try_lock_until(std::move(stop), time) && own();
  }

 private:
  // The state.
  //
  //   mutex_   Held by the owner, from its first lock to its last unlock.
  //   depth_   How often the owner has locked it. Only the owner, who holds mutex_, reads and writes it.
  //   owner_   The mark of the thread that holds mutex_, or `nobody`. Only who holds mutex_ writes it.
  static constexpr std::uint64_t nobody = 0;

  // relaxed: no other thread ever writes this one's mark, so that it reads that only if its own last store was that; and if it was,
  // then no other thread has stored since, since this one holds the mutex.
  bool is_mine() const noexcept { return owner_.load(std::memory_order_relaxed) == detail::this_thread<Lot>::mark(); }

  void expect_mine() const {
    if (!is_mine()) [[unlikely]]
      detail::throw_not_owner();
  }

  // Of a thread that has just got mutex_.
  bool own(std::uint32_t depth = 1) noexcept {
    owner_.store(detail::this_thread<Lot>::mark(), std::memory_order_relaxed);  // relaxed: see is_mine()
    depth_ = depth;
    return true;
  }

  void disown() noexcept {
    owner_.store(nobody, std::memory_order_relaxed);  // relaxed: see is_mine()
    mutex_.unlock();                                  // the last access to *this
  }

  bool deepen() noexcept {
    if (depth_ == max_depth()) [[unlikely]]
      return false;
    ++depth_;
    return true;
  }

  void deepen_or_throw() {
    if (!deepen()) detail::throw_too_deep();
  }

  // For a condition variable.
  template <parking_lot, class>
  friend class detail::held_lock;

  // Returns how many locks this has undone.
  std::uint32_t unlock_all() noexcept {
    const std::uint32_t depth = depth_;
    disown();
    return depth;
  }

  basic_mutex<Lot> mutex_{};  // NOLINT(readability-redundant-member-init): -Weffc++ asks for it
  std::uint32_t depth_ = 0;
  typename Lot::template atomic<std::uint64_t> owner_;
};

#define PARK_DECLARE_RECURSIVE_MUTEX(lot) extern template class PARK_API basic_recursive_mutex<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_RECURSIVE_MUTEX)
#undef PARK_DECLARE_RECURSIVE_MUTEX

// A class of its own, as its namesake is.
class recursive_mutex : public basic_recursive_mutex<native_lot> {
 public:
  using basic_recursive_mutex<native_lot>::basic_recursive_mutex;
};

}  // namespace park
