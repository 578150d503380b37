// park::hashed_lot: the portable lot, a hash table of queues of threads keyed by address.
//
// A parked thread waits on a parker, a mutex and a condition variable from a pool that is never given back. park compares the word and
// queues the parker under the bucket's lock; unpark takes parkers from the queue, oldest first, under the same lock, and notifies them
// when it holds no lock at all. The word itself is never touched by unpark: only its address is.
//
// The table grows with the number of threads that have been parked at one time: three buckets for each. Pool and table begin in static
// storage and take more from the operating system, never from malloc or operator new: a thread may park inside of either. Where memory
// runs out the table stays as it is; a thread for which there is no parker yields instead of sleeping.
// Threads may park at any time, before main() and in the last destructor of a static object too. After fork() the child begins with an
// empty table. Nothing here is async-signal-safe.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "park/backoff.hpp"
#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/lot_atomic.hpp"
#include "park/lot.hpp"

namespace park {

struct hashed_lot {
  static constexpr const char* name = "hashed";

  template <class T>
  using atomic = detail::lot_atomic<T>;

  // The word, and which 32 bits of it. Halves are taken from a load of the whole 64-bit word: no access of mixed size.
  struct address {
    enum class part : std::uint8_t { whole, low, high };

    const void* word;
    part which;

    // Where the 32 bits are, for who watches them.
    const void* bits() const noexcept {
      constexpr bool big_endian = std::endian::native == std::endian::big;
      const bool second = which != part::whole && (which == part::low) == big_endian;
      return static_cast<const char*>(word) + (second ? 4 : 0);
    }

    friend bool operator==(const address&, const address&) noexcept = default;
  };

  class backoff : public park::backoff {
   public:
    using park::backoff::backoff;
    backoff() = default;
    backoff(deadline until, std::uint32_t threads, address where) noexcept
        : park::backoff(until, threads, where.bits()) {}
  };

  static address whole(const atomic<std::uint32_t>& word) noexcept { return {&word, address::part::whole}; }
  static address low_half(const atomic<std::uint64_t>& word) noexcept { return {&word, address::part::low}; }
  static address high_half(const atomic<std::uint64_t>& word) noexcept { return {&word, address::part::high}; }

  PARK_API static bool park(address where, std::uint32_t value, deadline until) noexcept;
  PARK_API static void unpark(address where, std::uint32_t count) noexcept;
  static void yield() noexcept { std::this_thread::yield(); }

  // How many buckets the table has now: for display and for tests.
  PARK_API static std::size_t buckets() noexcept;
};

static_assert(parking_lot<hashed_lot>);

}  // namespace park
