// support::observed_lot: a lot that parks in another one and tells the test what a primitive asked of it.
//
//   trace_of(f)   what f did to atomics, in this thread: 'l' a load, 's' a store, 'x' a read-modify-write, one letter each.
//   what<Lot>()   calls of park and unpark, in all threads, and hooks that run at chosen points inside them.
//
// It spins `what().spins` times before it parks, none unless told, so that tests need not wait for a spin to end.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "park/detail/patience.hpp"
#include "park/lot.hpp"

namespace support {

// The atomic accesses of this thread, while somebody looks.
inline thread_local std::string* trace = nullptr;

// A function that is called once. It has no destructor: gcc for MinGW would run one of a thread_local object when its storage is gone.
class hook {
 public:
  template <class Function>
  hook& operator=(Function function) {
    clear();
    std::function<void()> wanted(std::move(function));
    if (wanted) waiting_ = new std::function<void()>(std::move(wanted));
    return *this;
  }
  hook& operator=(std::nullptr_t) {
    clear();
    return *this;
  }

  explicit operator bool() const { return waiting_ != nullptr; }

  // It is set no more.
  std::function<void()> take() {
    const std::unique_ptr<std::function<void()>> taken(std::exchange(waiting_, nullptr));
    return taken != nullptr ? std::move(*taken) : nullptr;
  }

 private:
  void clear() { delete std::exchange(waiting_, nullptr); }

  std::function<void()>* waiting_ = nullptr;
};

// Runs in this thread after its next read-modify-write.
inline constinit thread_local hook after_next_write;
// The same after the next access of any kind.
inline constinit thread_local hook after_next_access;

inline void note(char access) {
  if (trace != nullptr) trace->push_back(access);
  if (after_next_access) after_next_access.take()();
  if (access == 'x' && after_next_write) after_next_write.take()();
}

template <class Function>
std::string trace_of(Function function) {
  std::string seen;
  trace = &seen;
  function();
  trace = nullptr;
  return seen;
}

// std::atomic, of the same size, with what the primitives use of its interface.
template <class T>
class observed_atomic {
 public:
  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  constexpr observed_atomic(T value) noexcept : value_(value) {}

  T load(std::memory_order order) const noexcept { return noted('l', value_.load(order)); }
  void store(T value, std::memory_order order) noexcept { value_.store(value, order), note('s'); }
  T exchange(T value, std::memory_order order) noexcept { return noted('x', value_.exchange(value, order)); }
  T fetch_add(T value, std::memory_order order) noexcept { return noted('x', value_.fetch_add(value, order)); }
  T fetch_sub(T value, std::memory_order order) noexcept { return noted('x', value_.fetch_sub(value, order)); }
  T fetch_or(T value, std::memory_order order) noexcept { return noted('x', value_.fetch_or(value, order)); }

  bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure) noexcept {
    return noted('x', value_.compare_exchange_strong(expected, desired, success, failure));
  }
  // Strong too, so that counts are the same on every CPU.
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure) noexcept {
    return compare_exchange_strong(expected, desired, success, failure);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order order) noexcept {
    return noted('x', value_.compare_exchange_strong(expected, desired, order));
  }

  const std::atomic<T>& inner() const noexcept { return value_; }

 private:
  template <class Result>
  static Result noted(char access, Result result) {
    note(access);
    return result;
  }

  std::atomic<T> value_;
};

// What does not depend on the lot.
struct common_observations {
  std::atomic<int> parked{0};             // threads inside park now
  std::atomic<int> parks{0};              // calls so far
  std::atomic<int> unparks{0};            // calls so far
  std::atomic<std::int64_t> wakes{0};     // the sum of their counts
  std::atomic<int> requeues{0};           // calls so far
  std::atomic<int> looks{0};              // calls of backoff::again so far
  std::atomic<int> paid_off{0};           // calls of backoff::paid_off so far
  std::atomic<std::uint32_t> threads{0};  // what the last backoff was told

  // Set by the test, before it starts threads. Each may be empty; a waiter whose patience nobody asks for has no end of it.
  int spins = 0;
  std::function<void()> on_spin;
  std::function<void()> before_park;
  std::function<void()> after_park;  // before park returns
  std::function<void()> before_unpark;
  std::function<bool()> impatient;

  virtual ~common_observations() = default;

  // The deadlines of all calls of park so far.
  virtual std::vector<park::deadline> deadlines() = 0;

  // Wakes everyone who is parked where the last call of park was made.
  virtual void wake_last() = 0;
};

template <class Lot>
class observations : public common_observations {
 public:
  // One call of park.
  struct parking {
    typename Lot::address where;
    std::uint32_t value;
    park::deadline until;
  };

  void add(const parking& call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
  }

  std::vector<parking> log() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

  std::vector<park::deadline> deadlines() override {
    std::vector<park::deadline> all;
    for (const parking& call : log()) all.push_back(call.until);
    return all;
  }

  void wake_last() override { Lot::unpark(log().back().where, park::everyone); }

 private:
  std::mutex mutex_;
  std::vector<parking> calls_;  // guarded by mutex_
};

template <park::parking_lot Base>
struct observed_lot {
  static constexpr const char* name = Base::name;

  using base = Base;
  using address = typename Base::address;
  template <class T>
  using atomic = observed_atomic<T>;

  static observations<Base>& what() { return *current; }
  static inline observations<Base>* current = nullptr;

  static address whole(const atomic<std::uint32_t>& word) noexcept { return Base::whole(word.inner()); }
  static address low_half(const atomic<std::uint64_t>& word) noexcept { return Base::low_half(word.inner()); }
  static address high_half(const atomic<std::uint64_t>& word) noexcept { return Base::high_half(word.inner()); }

  static bool park(address where, std::uint32_t value, park::deadline until) noexcept {
    what().add({where, value, until});
    ++what().parks;
    ++what().parked;
    if (what().before_park) what().before_park();
    const bool in_time = Base::park(where, value, until);
    if (what().after_park) what().after_park();
    --what().parked;
    return in_time;
  }

  static void unpark(address where, std::uint32_t count) noexcept {
    ++what().unparks;
    what().wakes += count;
    if (what().before_unpark) what().before_unpark();
    Base::unpark(where, count);
  }

  static void requeue(address from, std::uint32_t value, address to) noexcept
    requires park::requeuing_lot<Base>
  {
    ++what().requeues;
    Base::requeue(from, value, to);
  }

  static void yield() noexcept { Base::yield(); }

  class backoff {
   public:
    explicit backoff(park::deadline = park::deadline::never(), std::uint32_t threads = 1) noexcept
        : left_(what().spins) {
      what().threads = threads;
    }
    backoff(park::deadline until, std::uint32_t threads, address) noexcept : backoff(until, threads) {}

    bool again() noexcept {
      ++what().looks;
      if (left_ == 0) return false;
      --left_;
      if (what().on_spin) what().on_spin();
      return true;
    }

    void paid_off() noexcept { ++what().paid_off; }

   private:
    int left_;
  };
};

// A test that looks through observed_lot<Lot>.
template <class Lot>
class observing : public testing::Test {
 protected:
  using lot = observed_lot<Lot>;

  observing() { lot::current = &seen; }
  ~observing() override { lot::current = nullptr; }

  // Returns once `threads` threads are inside park.
  void until_parked(int threads) {
    while (seen.parked < threads) std::this_thread::yield();
  }

  observations<Lot> seen;
};

}  // namespace support

// What the test says, in place of the clock.
template <park::parking_lot Base>
class park::detail::patience<support::observed_lot<Base>> {
 public:
  bool over() const {
    const auto& impatient = support::observed_lot<Base>::what().impatient;
    return impatient && impatient();
  }
};
