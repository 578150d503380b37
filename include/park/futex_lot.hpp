// park::futex_lot: threads parked on the Linux futex, private to the process.
//
// park is FUTEX_WAIT_BITSET with an absolute deadline (CLOCK_MONOTONIC, or CLOCK_REALTIME for the system clock); unpark is FUTEX_WAKE,
// requeue FUTEX_CMP_REQUEUE. Each is one system call. The kernel compares the word and queues the thread under the lock that a wake takes, which is what
// parking_lot asks for. Where the system refuses an operation (EPERM, ENOSYS), FUTEX_WAIT serves for FUTEX_WAIT_BITSET, and a wake for a move.
// For a sandbox that ends the process instead, -DPARK_REQUEUE=OFF builds a library that does with FUTEX_WAIT and FUTEX_WAKE alone. All
// system calls of the library: src/lot/system_calls.txt.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <thread>

#include "park/backoff.hpp"
#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/lot_atomic.hpp"
#include "park/lot.hpp"

namespace park {

struct futex_lot {
  static constexpr const char* name = "futex";

  template <class T>
  using atomic = detail::lot_atomic<T>;
  using backoff = park::backoff;
  using address = const void*;

  static address whole(const atomic<std::uint32_t>& word) noexcept { return &word; }
  static address low_half(const atomic<std::uint64_t>& word) noexcept { return half(word, big_endian ? 1 : 0); }
  static address high_half(const atomic<std::uint64_t>& word) noexcept { return half(word, big_endian ? 0 : 1); }

  // A value that the kernel refuses (a word in memory that is gone) reads as a wake; EINTR too: the caller looks again.
  PARK_API static bool park(address where, std::uint32_t value, deadline until) noexcept;
  PARK_API static void unpark(address where, std::uint32_t count) noexcept;
  PARK_API static void requeue(address from, std::uint32_t value, address to) noexcept;
  static void yield() noexcept { std::this_thread::yield(); }

 private:
  static constexpr bool big_endian = std::endian::native == std::endian::big;

  static_assert(sizeof(atomic<std::uint32_t>) == 4 && atomic<std::uint32_t>::is_always_lock_free);
  static_assert(sizeof(atomic<std::uint64_t>) == 8);

  static address half(const atomic<std::uint64_t>& word, int index) noexcept {
    return reinterpret_cast<const char*>(&word) + 4 * index;  // an address for the kernel; never dereferenced here
  }
};

static_assert(requeuing_lot<futex_lot>);

}  // namespace park
