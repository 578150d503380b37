// How a condition variable lets go of what its user holds, and takes it again: of any lock as its user would, of park's own mutexes so
// that who waits for them may sleep there.
#pragma once

#include <concepts>
#include <cstdint>
#include <mutex>

#include "park/contract.hpp"
#include "park/lot.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"

namespace park::detail {

// Any type with lock() and unlock().
template <parking_lot Lot, class Lock>
class held_lock {
 public:
  explicit held_lock(Lock& lock) noexcept : lock_(lock) {}

  // The park mutex whose waiters a thread may join before it calls lock(), or null.
  basic_mutex<Lot>* mutex() const noexcept { return nullptr; }

  void unlock() { lock_.unlock(); }

  // `in_charge`: this thread may have slept at the mutex. noexcept: where the lock cannot be had again, nothing can go on.
  void lock([[maybe_unused]] bool in_charge) noexcept { lock_.lock(); }

 private:
  Lock& lock_;
};

// A type derived from these may have other members of the same names, and is any type.
template <class Mutex, class Lot>
concept plain_mutex =
    std::derived_from<Mutex, basic_mutex<Lot>> && (std::same_as<Mutex, basic_mutex<Lot>> || std::same_as<Mutex, mutex>);
template <class Mutex, class Lot>
concept nesting_mutex = std::derived_from<Mutex, basic_recursive_mutex<Lot>> &&
                        (std::same_as<Mutex, basic_recursive_mutex<Lot>> || std::same_as<Mutex, recursive_mutex>);

template <parking_lot Lot, plain_mutex<Lot> Mutex>
class held_lock<Lot, Mutex> {
 public:
  explicit held_lock(basic_mutex<Lot>& mutex) noexcept : mutex_(mutex) {}

  basic_mutex<Lot>* mutex() const noexcept { return &mutex_; }
  void unlock() noexcept { mutex_.unlock(); }
  void lock(bool in_charge) noexcept {
    if (in_charge) {
      mutex_.lock_in_charge();
    } else {
      mutex_.lock();
    }
  }

 private:
  basic_mutex<Lot>& mutex_;
};

// Lets go of all levels at once, and takes as many again.
template <parking_lot Lot, nesting_mutex<Lot> Mutex>
class held_lock<Lot, Mutex> {
 public:
  explicit held_lock(basic_recursive_mutex<Lot>& mutex) : mutex_(mutex) { mutex.expect_mine(); }

  basic_mutex<Lot>* mutex() const noexcept { return &mutex_.mutex_; }
  void unlock() noexcept { depth_ = mutex_.unlock_all(); }
  void lock(bool in_charge) noexcept {
    held_lock<Lot, basic_mutex<Lot>>(mutex_.mutex_).lock(in_charge);
    mutex_.own(depth_);
  }

 private:
  basic_recursive_mutex<Lot>& mutex_;
  std::uint32_t depth_ = 0;
};

template <parking_lot Lot, class Mutex>
  requires plain_mutex<Mutex, Lot> || nesting_mutex<Mutex, Lot>
class held_lock<Lot, std::unique_lock<Mutex>> : public held_lock<Lot, Mutex> {
 public:
  explicit held_lock(std::unique_lock<Mutex>& lock) : held_lock<Lot, Mutex>(mutex_of(lock)) {}

 private:
  static Mutex& mutex_of(std::unique_lock<Mutex>& lock) noexcept {
    if (!lock.owns_lock()) contract_violation("condition_variable: a wait with a lock that does not own its mutex");
    return *lock.mutex();
  }
};

}  // namespace park::detail
