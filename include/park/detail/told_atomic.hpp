// An atomic that tells Valgrind's helgrind and DRD what they cannot see in it: which accesses synchronize with which. See PARK_VALGRIND.
//
// Both follow the locks of POSIX threads, and take all other accesses to one word by several threads for races, and what such a word
// guards too. So each release says that what the thread has done until now comes before what follows an acquire of the same word; and
// the word itself is left out. That is all that park's types are made of: who uses them need say nothing.
//
// More is taken for ordered than is: an acquire that reads an older value, and a compare-exchange that fails, count too. So no report is false,
// and one may be missing.
#pragma once

#include <atomic>
#include <cstddef>
#include <type_traits>

#include "park/config.hpp"

namespace park::detail {

// Nothing outside of Valgrind. Before an access: the tools no longer look at the bytes of the word.
PARK_API void leave_unwatched(const volatile void* word, std::size_t size) noexcept;
// When the word is gone: what comes to be there is somebody else's.
PARK_API void watch_again(const volatile void* word, std::size_t size) noexcept;
// Before a release, and after an acquire.
PARK_API void happens_before(const volatile void* word) noexcept;
PARK_API void happens_after(const volatile void* word) noexcept;

// With what park uses of std::atomic's interface. `word_` is all of it, so that a pointer to one can be taken for one to the other.
template <class T>
class told_atomic {
 public:
  using order = std::memory_order;

  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  constexpr told_atomic(T value) noexcept : word_(value) {}
  // Where the compiler keeps another object in the place of one on the stack that is gone, the tools see no new memory.
  constexpr ~told_atomic() {
    if (!std::is_constant_evaluated()) watch_again(this, sizeof *this);
  }
  told_atomic(const told_atomic&) = delete;
  told_atomic& operator=(const told_atomic&) = delete;

  T load(order how) const noexcept {
    const access told(this, order::relaxed, how);
    return word_.load(how);
  }
  void store(T value, order how) noexcept {
    const access told(this, how, order::relaxed);
    word_.store(value, how);
  }
  T exchange(T value, order how) noexcept {
    const access told(this, how, how);
    return word_.exchange(value, how);
  }
  T fetch_add(T value, order how) noexcept {
    const access told(this, how, how);
    return word_.fetch_add(value, how);
  }
  T fetch_sub(T value, order how) noexcept {
    const access told(this, how, how);
    return word_.fetch_sub(value, how);
  }
  T fetch_or(T value, order how) noexcept {
    const access told(this, how, how);
    return word_.fetch_or(value, how);
  }
  bool compare_exchange_weak(T& expected, T desired, order how, order failed) noexcept {
    const access told(this, how, acquires(how) ? how : failed);
    return word_.compare_exchange_weak(expected, desired, how, failed);
  }
  bool compare_exchange_weak(T& expected, T desired, order how) noexcept {
    const access told(this, how, how);
    return word_.compare_exchange_weak(expected, desired, how);
  }
  bool compare_exchange_strong(T& expected, T desired, order how, order failed) noexcept {
    const access told(this, how, acquires(how) ? how : failed);
    return word_.compare_exchange_strong(expected, desired, how, failed);
  }
  bool compare_exchange_strong(T& expected, T desired, order how) noexcept {
    const access told(this, how, how);
    return word_.compare_exchange_strong(expected, desired, how);
  }

 private:
  static constexpr bool acquires(order how) noexcept { return how != order::relaxed && how != order::release; }
  static constexpr bool releases(order how) noexcept {
    return how == order::release || how == order::acq_rel || how == order::seq_cst;
  }

  // Around one access. Its end touches no memory, which may be gone by then: it names a place.
  class access {
   public:
    access(const told_atomic* word, order written, order read) noexcept : word_(word), acquires_(acquires(read)) {
      leave_unwatched(word, sizeof *word);
      if (releases(written)) happens_before(word);
    }
    access(const access&) = delete;
    access& operator=(const access&) = delete;
    ~access() {
      if (acquires_) happens_after(word_);
    }

   private:
    const told_atomic* const word_;
    const bool acquires_;
  };

  std::atomic<T> word_;
};

}  // namespace park::detail
