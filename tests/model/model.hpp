// The checker's side of a model test: the words, the data and the parking lot that park's templates and a scenario are made of.
//
// Nothing here runs on real threads. The checker (Relacy, behind model.cpp) runs the threads of a scenario as coroutines, one step of
// one thread at a time, in one interleaving after another; a load returns any value that the C++ memory model allows it.
//
// Any, but for this: one of the last three that the word had (two, unless the search is random); and none from a store that the thread
// storing it takes only after a load of its own that another's step depends on (load buffering). No clock runs, and a deadline that is
// past when a wait begins is left to the unit tests. Where more than two threads are searched other than randomly, the search is fair:
// a thread that parks or yields runs again when each of the others has run or sleeps.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "park/deadline.hpp"
#include "park/lot.hpp"

namespace model {

// Where in the source a step was taken, for the history that is printed when a schedule fails.
struct site {
  const char* function;
  const char* file;
  unsigned line;

  static constexpr site current(const char* function = __builtin_FUNCTION(), const char* file = __builtin_FILE(),
                                unsigned line = __builtin_LINE()) noexcept {
    return {function, file, line};
  }
};

// std::atomic<T> as the checker sees it, for std::uint32_t and std::uint64_t. A use after its destructor fails the schedule.
template <class T>
class atomic {
 public:
  static constexpr bool is_always_lock_free = true;
  using order = std::memory_order;

  atomic(T value) noexcept;
  ~atomic();
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(order how, site at = site::current()) const noexcept;
  void store(T value, order how, site at = site::current()) noexcept;
  T exchange(T value, order how, site at = site::current()) noexcept;
  T fetch_add(T value, order how, site at = site::current()) noexcept;
  T fetch_sub(T value, order how, site at = site::current()) noexcept;
  T fetch_or(T value, order how, site at = site::current()) noexcept;
  bool compare_exchange_weak(T& expected, T desired, order how, order failed, site at = site::current()) noexcept;
  bool compare_exchange_weak(T& expected, T desired, order how, site at = site::current()) noexcept;
  bool compare_exchange_strong(T& expected, T desired, order how, order failed, site at = site::current()) noexcept;

 private:
  friend struct lot;
  class access;

  alignas(8) mutable std::byte cell_[64];
  volatile std::uint32_t life_;  // volatile: the destructor's store must reach those who come too late
};

// A plain int. Two accesses that happens-before does not order, one of them a write, fail the schedule as a data race.
class datum {
 public:
  explicit datum(int value = 0) noexcept;
  ~datum();
  datum(const datum&) = delete;
  datum& operator=(const datum&) = delete;

  int read(site at = site::current()) const noexcept;
  void write(int value, site at = site::current()) noexcept;

 private:
  alignas(8) std::byte cell_[40];
};

// One of 0 .. ways - 1; an exhaustive search tries each.
unsigned choose(unsigned ways) noexcept;

// Whether the schedules are tried at random.
bool searched_at_random() noexcept;

// The index of the running thread.
unsigned running_thread() noexcept;

// Fails the schedule unless `holds`.
void check(bool holds, const char* what, site at = site::current()) noexcept;

// A time that may come in any park that has it for a deadline; whether it does is the checker's choice.
inline std::chrono::steady_clock::time_point some_time() noexcept {
  return std::chrono::steady_clock::time_point(std::chrono::hours(200 * 365 * 24));
}

// A lot that promises no more than park::parking_lot asks: a wake orders no memory, a park may return for no reason, an unpark
// may choose whom it wakes, a deadline may come before the word is looked at, and a requeue may wake instead (random searches only).
struct lot {
  template <class T>
  using atomic = model::atomic<T>;

  struct address {
    enum class part : std::uint8_t { whole, low, high };

    const void* word;
    part which;

    friend bool operator==(const address&, const address&) noexcept = default;
  };

  static address whole(const atomic<std::uint32_t>& word) noexcept { return {&word, address::part::whole}; }
  static address low_half(const atomic<std::uint64_t>& word) noexcept { return {&word, address::part::low}; }
  static address high_half(const atomic<std::uint64_t>& word) noexcept { return {&word, address::part::high}; }

  static bool park(address where, std::uint32_t value, park::deadline until, site at = site::current()) noexcept;
  static void unpark(address where, std::uint32_t count, site at = site::current()) noexcept;
  static void requeue(address from, std::uint32_t value, address to, site at = site::current()) noexcept;
  static void yield(site at = site::current()) noexcept;

  // Spins once, or not at all.
  class backoff {
   public:
    explicit backoff(park::deadline until = park::deadline::never(), std::uint32_t threads = 1) noexcept;
    backoff(park::deadline until, std::uint32_t threads, address) noexcept : backoff(until, threads) {}
    bool again() noexcept { return polls_-- > 0; }
    void paid_off() noexcept {}

   private:
    int polls_;
  };

  // What unpark was asked in this schedule so far: how often, and to wake how many in all.
  static unsigned unpark_calls() noexcept;
  static std::uint64_t unparks_asked() noexcept;
};

static_assert(park::requeuing_lot<lot>);

// The same where an atomic of 64 bits would take a lock.
struct lot_without_pairs : lot {
  template <class T>
  class atomic : public model::atomic<T> {
   public:
    static constexpr bool is_always_lock_free = sizeof(T) <= 4;

    using model::atomic<T>::atomic;
  };
};

}  // namespace model
