// soak::jittery: a lot that parks in another one. A thread may be delayed before each step that it takes on a word and in each call of
// park and unpark, and a park may return for no reason: what an operating system does once in a million times comes all the time.
#pragma once

#include <atomic>
#include <cstdint>

#include "delays.hpp"
#include "park/lot.hpp"

namespace soak {

template <class Lot>
struct jittery {
  using address = typename Lot::address;
  using backoff = typename Lot::backoff;

  template <class T>
  class atomic {
   public:
    using order = std::memory_order;
    using inner_type = typename Lot::template atomic<T>;
    static constexpr bool is_always_lock_free = inner_type::is_always_lock_free;

    constexpr atomic(T value) noexcept : value_(value) {}

    T load(order how) const noexcept { return falter(), value_.load(how); }
    void store(T value, order how) noexcept { falter(), value_.store(value, how); }
    T exchange(T value, order how) noexcept { return falter(), value_.exchange(value, how); }
    T fetch_add(T value, order how) noexcept { return falter(), value_.fetch_add(value, how); }
    T fetch_sub(T value, order how) noexcept { return falter(), value_.fetch_sub(value, how); }
    T fetch_or(T value, order how) noexcept { return falter(), value_.fetch_or(value, how); }
    bool compare_exchange_strong(T& expected, T desired, order how, order failed) noexcept {
      return falter(), value_.compare_exchange_strong(expected, desired, how, failed);
    }
    bool compare_exchange_weak(T& expected, T desired, order how, order failed) noexcept {
      return falter(), value_.compare_exchange_weak(expected, desired, how, failed);
    }
    bool compare_exchange_weak(T& expected, T desired, order how) noexcept {
      return falter(), value_.compare_exchange_weak(expected, desired, how);
    }

    const inner_type& inner() const noexcept { return value_; }

   private:
    inner_type value_;
  };

  static address whole(const atomic<std::uint32_t>& word) noexcept { return Lot::whole(word.inner()); }
  static address low_half(const atomic<std::uint64_t>& word) noexcept { return Lot::low_half(word.inner()); }
  static address high_half(const atomic<std::uint64_t>& word) noexcept { return Lot::high_half(word.inner()); }

  static bool park(address where, std::uint32_t value, park::deadline until) noexcept {
    falter();
    if (own_dice != nullptr && own_dice->one_in(16)) return true;
    const bool in_time = Lot::park(where, value, until);
    falter();
    return in_time;
  }
  static void unpark(address where, std::uint32_t count) noexcept { falter(), Lot::unpark(where, count); }
  static void requeue(address from, std::uint32_t value, address to) noexcept
    requires park::requeuing_lot<Lot>
  {
    falter(), Lot::requeue(from, value, to);
  }
  static void yield() noexcept { Lot::yield(); }
};

}  // namespace soak
