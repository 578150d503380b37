// park::condition_variable: threads wait, with a mutex let go, until another thread notifies them.
//
//   park::mutex access;
//   park::condition_variable changed;
//   ... one thread:   { std::unique_lock hold(access); changed.wait(hold, [&] { return ready; }); ... }
//   ... another one:  { std::lock_guard hold(access); ready = true; } changed.notify_one();
//
// Model: std::condition_variable_any [thread.condition.condvarany] and threading.Condition of Python. It waits with anything that has
//   lock() and unlock(): a std::unique_lock, or a mutex itself. Of a park::recursive_mutex it lets go of all levels, as Python's does.
// A wait returns when it has been notified, at its time or on its stop request, and for no other reason. notify_one() ends the wait that
//   began first of those that have not been notified, whoever comes after; a wait that has begun to end in another way is not notified, and
//   the next one is in its place.
// Ordering: none of its own; who waits and who notifies see each other's work by the mutex, or not at all. To notify without the mutex
//   is as good, once what is waited for was changed under it.
// Lifetime: a condition variable may be destroyed as soon as all who wait have been notified, even before they run, and while
//   the notification is still waking them.
// Where it waits with a park::mutex or park::recursive_mutex of its own lot, threads that are asleep are not woken to wait for that: on
//   futex_lot they are moved to sleep at the mutex (FUTEX_CMP_REQUEUE), if it is held or more than one in a row wait with it, and wake one
//   after the other; of more than one the first four are woken at once where there is more than one CPU, so that none idles meanwhile. But those that a stop request may have to find are woken.
// Signals: nothing is async-signal-safe. Cancellation: no wait is a cancellation point of pthread_cancel.
// Misuse: to wait with a std::unique_lock of a park mutex that does not own it ends in park::contract_violation; with a recursive_mutex that
//   this thread does not hold it throws park::not_owner_error. Whatever unlock() of another lock throws comes out of the wait, which is over
//   then and does not lock it again. A wait that ends by an exception may have been notified. Where lock() throws at the end of a wait the program is terminated, as std has it. To destroy a condition variable that
//   somebody waits for without having been notified is undefined, except at the end of the program. Not there: notify_all_at_thread_exit.
// Delay: a wait that reaches its limit just as it is being notified lasts until the notifier has run again, and so may the destructor until
//   those have run who are leaving: with real-time priorities, neither must keep the other from its CPU.
// Cost: 16 bytes where pointers have 8; no heap. A notification of nobody is one load. Else four atomic read-modify-writes for one waiter, and a
//   futex call for each that sleeps; where they are moved, one more read-modify-write, and for each another call, of the unlock() that
//   wakes it, and for the last of them one that wakes nobody.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <utility>

#include "park/config.hpp"
#include "park/detail/held_lock.hpp"
#include "park/detail/wait.hpp"
#include "park/detail/wait_queue.hpp"
#include "park/native_lot.hpp"

namespace park {

template <parking_lot Lot>
class basic_condition_variable {
 public:
  constexpr basic_condition_variable() noexcept = default;
  basic_condition_variable(const basic_condition_variable&) = delete;
  basic_condition_variable& operator=(const basic_condition_variable&) = delete;

  // Ends the wait that began first.
  void notify_one() noexcept { waiting_.notify(1); }

  // Ends the `most` waits that began first. Those of them that have begun to end in another way are not counted.
  void notify(std::uint32_t most) noexcept { waiting_.notify(most); }

  // Ends all waits that have begun.
  void notify_all() noexcept { waiting_.notify(everyone); }

  // Precondition of all waits: the calling thread holds `lock`, as it does again when they return, or throw; but where unlock() threw.
  template <class Lock>
  void wait(Lock& lock) {
    stay(lock, true, [](auto& bounded) { return bounded.wait(); });
  }

  // Waits until ready(), which is called with the lock held.
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate ready) {
    while (!ready()) wait(lock);
  }

  // Zero or less, and times past, do not wait, but let go of the lock and take it again.
  template <class Lock, class Rep, class Period>
  std::cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& timeout) {
    const auto until = deadline::after(timeout);
    return status(stay(lock, true, [&](auto& bounded) { return bounded.wait(until); }));
  }

  // Never `timeout` before `time` on Clock; follows the jumps of system_clock.
  template <class Lock, class Clock, class Duration>
  std::cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time) {
    return status(stay(lock, true, [time](auto& bounded) { return bounded.wait_until(time); }));
  }

  // What ready() is at the end: false on timeout only.
  template <class Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& timeout, Predicate ready) {
    const auto until = deadline::after(timeout);
    while (!ready()) {
      if (!stay(lock, true, [&](auto& bounded) { return bounded.wait(until); })) return ready();
    }
    return true;
  }

  template <class Lock, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time, Predicate ready) {
    const auto end = time;
    while (!ready()) {
      if (wait_until(lock, end) == std::cv_status::timeout) return ready();
    }
    return true;
  }

  // As their namesakes, and over, with what ready() is then, once a stop is requested of `stop`.
  template <class Lock, stoppable_token Token, class Predicate>
  bool wait(Lock& lock, Token stop, Predicate ready) {
    return wait_with(lock, stop, ready, [&](auto& bounded) { return bounded.wait(stop); });
  }

  template <class Lock, stoppable_token Token, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, Token stop, const std::chrono::duration<Rep, Period>& timeout, Predicate ready) {
    const auto until = deadline::after(timeout);
    return wait_with(lock, stop, ready, [&](auto& bounded) { return bounded.wait(stop, until); });
  }

  template <class Lock, stoppable_token Token, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, Token stop, const std::chrono::time_point<Clock, Duration>& time, Predicate ready) {
    return wait_with(lock, stop, ready, [&stop, time](auto& bounded) { return bounded.wait_until(stop, time); });
  }

 private:
  using queue = detail::wait_queue<Lot>;

  // A waiter in the queue, for as long as it is not notified.
  class place {
   public:
    place(queue& in, basic_mutex<Lot>* mutex) noexcept : in_(in), waiter_(mutex) { in_.enter(waiter_); }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() { end(); }

    bool wait(detail::wait_limit<Lot> until) noexcept { return over_ = waiter_.wait(until); }

    // True when it was notified.
    bool end() noexcept {
      if (!std::exchange(over_, true)) left_ = in_.leave(waiter_);
      return !left_;
    }

    auto address() const noexcept { return waiter_.address(); }
    bool is_charged() const noexcept { return waiter_.is_charged(); }

   private:
    queue& in_;
    typename queue::waiter waiter_;
    bool over_ = false, left_ = false;
  };

  // From where the lock is let go to where it is held again.
  template <class Lock>
  class absence {
   public:
    absence(queue& in, Lock& lock, bool movable) : lock_(lock), place_(in, movable ? lock_.mutex() : nullptr) {
      lock_.unlock();
    }
    absence(const absence&) = delete;
    absence& operator=(const absence&) = delete;
    ~absence() {
      place_.end();
      lock_.lock(place_.is_charged());
    }

    place& where() noexcept { return place_; }

   private:
    detail::held_lock<Lot, Lock> lock_;
    place place_;
  };

  // One wait: as long as `wait`, which is called with a bounded_wait, has it. True when it was notified. A waiter that a stop request
  // must find is not `movable`. What `wait` refers to must not be the user's, who may change it as soon as the lock is let go.
  template <class Lock, class Wait>
  bool stay(Lock& lock, bool movable, Wait wait) {
    absence<Lock> away(waiting_, lock, movable);
    place& here = away.where();
    auto bounded =
        detail::bounded<Lot>([&](detail::wait_limit<Lot> until) { return here.wait(until); }, here.address());
    wait(bounded);
    return here.end();
  }

  template <class Lock, class Token, class Predicate, class Wait>
  bool wait_with(Lock& lock, Token& stop, Predicate& ready, Wait wait) {
    while (!stop.stop_requested()) {
      if (ready()) return true;
      if (!stay(lock, !can_stop(stop), wait)) break;
    }
    return ready();
  }

  template <class Token>
  static bool can_stop(const Token& stop) noexcept {
    if constexpr (requires { static_cast<bool>(stop.stop_possible()); }) {
      return stop.stop_possible();
    } else {
      return true;
    }
  }

  static std::cv_status status(bool notified) noexcept {
    return notified ? std::cv_status::no_timeout : std::cv_status::timeout;
  }

  queue waiting_{};
};

#define PARK_DECLARE_CONDITION_VARIABLE(lot)              \
  extern template class PARK_API detail::wait_queue<lot>; \
  extern template class PARK_API basic_condition_variable<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_CONDITION_VARIABLE)
#undef PARK_DECLARE_CONDITION_VARIABLE

// A class of its own, as its namesake is.
class condition_variable : public basic_condition_variable<native_lot> {
 public:
  using basic_condition_variable<native_lot>::basic_condition_variable;
};

}  // namespace park
