// park::hashed_lot: the portable lot, a hash table of queues of threads keyed by address.
//
// A parked thread waits on a condition variable of its own, in a node on its own stack. park compares the word and queues the node
// under the bucket's lock; unpark takes nodes from the queue, oldest first, under the same lock and wakes them after leaving it.
// The word itself is never touched by unpark: only its address is.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "park/backoff.hpp"
#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/lot.hpp"

namespace park {

struct hashed_lot {
  static constexpr const char* name = "hashed";

  template <class T>
  using atomic = std::atomic<T>;
  using backoff = park::backoff;

  // The word, and which 32 bits of it. Halves are taken from a load of the whole 64-bit word: no access of mixed size.
  struct address {
    enum class part : std::uint8_t { whole, low, high };

    const void* word;
    part which;

    friend bool operator==(const address&, const address&) noexcept = default;
  };

  static address whole(const atomic<std::uint32_t>& word) noexcept { return {&word, address::part::whole}; }
  static address low_half(const atomic<std::uint64_t>& word) noexcept { return {&word, address::part::low}; }
  static address high_half(const atomic<std::uint64_t>& word) noexcept { return {&word, address::part::high}; }

  PARK_API static bool park(address where, std::uint32_t value, deadline until) noexcept;
  PARK_API static void unpark(address where, std::uint32_t count) noexcept;
  static void yield() noexcept { std::this_thread::yield(); }
};

static_assert(parking_lot<hashed_lot>);

}  // namespace park
