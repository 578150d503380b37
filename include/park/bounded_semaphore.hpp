// park::bounded_semaphore: a counting_semaphore that refuses a release of more than was acquired.
//
//   park::bounded_semaphore connections(5);
//   connections.acquire();
//   ...
//   connections.release();  // twice by mistake: throws park::over_release_error
//
// Model: threading.BoundedSemaphore of Python. It is made of park::counting_semaphore, and has all its waits; release(n) is Python's.
// Bound: the count that it begins with. The count never passes it, not for an instant, whatever other threads do; what an acquire(n)
//   has collected so far, and gives back where it gives up, is in it.
// Ordering, Fairness, Lifetime, Cancellation: as of park::counting_semaphore.
// Signals: on futex_lot a release() that does not throw, try_acquire() and available() are async-signal-safe, in the middle of a call on the
//   same semaphore too.
// Misuse: a release() above the bound throws park::over_release_error and changes nothing. A negative n, or a bound above max(), is
//   refused with std::invalid_argument, but for the acquires, where it ends in park::contract_violation as in counting_semaphore.
//   Where the library is compiled without exceptions all end there. An acquire(n) of more than the bound waits in vain; but if it has
//   collected what others release without having acquired it, then what it gives back in the end may pass the bound.
// Cost: 16 bytes. release() is a load and a compare-exchange, which is tried again where another thread came between, or the load alone
//   where it throws; the rest is as in counting_semaphore.
#pragma once

#include <cstddef>
#include <stdexcept>

#include "park/config.hpp"
#include "park/detail/refuse_argument.hpp"
#include "park/native_lot.hpp"
#include "park/semaphore.hpp"

namespace park {

// What a release() above the bound throws.
class PARK_API over_release_error : public std::logic_error {
 public:
  over_release_error();
  ~over_release_error() override;
};

namespace detail {

[[noreturn]] PARK_API void throw_over_release();

}  // namespace detail

template <parking_lot Lot>
class basic_bounded_semaphore : private basic_counting_semaphore<0x7fffffff, Lot> {
  using semaphore = basic_counting_semaphore<0x7fffffff, Lot>;

 public:
  using semaphore::max;

  // Throws std::invalid_argument unless 0 <= n <= max().
  constexpr explicit basic_bounded_semaphore(std::ptrdiff_t n = 1) : semaphore(checked(n)), bound_(n) {}

  // Adds n permits and wakes as many sleepers as these can serve; release(0) does nothing. Throws park::over_release_error, and changes
  // nothing, where the count would pass bound().
  void release(std::ptrdiff_t n = 1) {
    if (n <= 0) return refuse_negative(n);
    if (!this->release_up_to(n, bound_)) [[unlikely]]
      detail::throw_over_release();
  }

  // See park/semaphore.hpp.
  using semaphore::acquire;
  using semaphore::available;
  using semaphore::try_acquire;
  using semaphore::try_acquire_for;
  using semaphore::try_acquire_until;

  [[nodiscard]] std::ptrdiff_t bound() const noexcept { return bound_; }

 private:
  static constexpr std::ptrdiff_t checked(std::ptrdiff_t n) {
    if (n < 0 || n > (max)()) detail::refuse_argument("bounded_semaphore(n): n is negative or above max()");
    return n;
  }

  static void refuse_negative(std::ptrdiff_t n) {
    if (n < 0) detail::refuse_argument("bounded_semaphore::release(n): n is negative");
  }

  const std::ptrdiff_t bound_;
};

// A class of its own, as park::latch is.
class bounded_semaphore : public basic_bounded_semaphore<native_lot> {
 public:
  using basic_bounded_semaphore<native_lot>::basic_bounded_semaphore;
};

}  // namespace park
