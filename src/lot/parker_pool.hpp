// The pool of parkers: as many as threads have ever been parked at one time, for as long as the process lives.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>

#include "lot/constant_mutex.hpp"
#include "lot/memory.hpp"
#include "lot/parker.hpp"
#include "park/detail/lot_atomic.hpp"

namespace park::detail {

// Unused parkers lie on a stack whose top is one word, so that threads come and go without a lock and whatever moment a fork catches is
// sound. A parker has a number for its address, which leaves half of the word for a count of the calls of take: a thread that read the
// top and its next, and slept on while both were taken and the top was put back, fails its compare-exchange (unless it slept for
// exactly 2^32 calls). It may read the next of a parker that is in use, never of one that is gone: parkers stay where they are.
//
// Not a thread_local parker for each thread: threads park in destructors of thread_local objects too, and the wake must outlive them.
class parker_pool {
 public:
  // Null where memory has run out.
  parker* take() noexcept {
    std::uint64_t top = top_.load(std::memory_order_acquire);  // acquire: pairs with give_back and its like
    while (number_of(top) != none) {
      parker& first = at(number_of(top) - 1);
      const std::uint64_t next = first.next_unused.load(std::memory_order_relaxed);  // relaxed: checked by what follows
      if (top_.compare_exchange_weak(top, ((top & ~number_mask) + one_take) | next, std::memory_order_acquire))
        return &first;
    }
    return make();
  }

  void give_back(parker& unused) noexcept {
    std::uint64_t top = top_.load(std::memory_order_relaxed);
    do {
      unused.next_unused.store(static_cast<std::uint32_t>(number_of(top)), std::memory_order_relaxed);
      // release: publishes next_unused, and what the last user did
    } while (!top_.compare_exchange_weak(top, (top & ~number_mask) | (unused.number + 1), std::memory_order_release,
                                         std::memory_order_relaxed));
  }

  // How many there are. relaxed: a hint for the size of the table.
  std::uint32_t made() const noexcept { return made_.load(std::memory_order_relaxed); }

  // In the child of a fork, whose one thread is not parked: makes all parkers anew, since threads that are not there may have left any
  // of them locked.
  void forget() noexcept {
    ::new (&making_) constant_mutex;
    top_.store(none, std::memory_order_relaxed);
    made_.store(0, std::memory_order_relaxed);
  }

 private:
  // Chunk k has `first_chunk` << k parkers. The first is static.
  static constexpr std::uint32_t first_chunk = 32, chunks = 20;  // of 2^25 in all: more than any system has threads
  static constexpr std::uint64_t none = 0, number_mask = 0xffff'ffff, one_take = number_mask + 1;

  static constexpr std::uint64_t number_of(std::uint64_t top) noexcept { return top & number_mask; }  // plus 1, or none

  // The chunk that a number is in, as the power of two that its size is of the first one's.
  static constexpr std::uint64_t scale_of(std::uint64_t number) noexcept {
    return std::bit_floor(number / first_chunk + 1);
  }
  static constexpr std::size_t chunk_of(std::uint64_t scale) noexcept {
    return static_cast<std::size_t>(std::countr_zero(scale));
  }

  std::byte* place(std::uint64_t number) noexcept {
    const std::uint64_t scale = scale_of(number), begin = first_chunk * (scale - 1);
    return (scale == 1 ? static_ : chunks_[chunk_of(scale)]) + (number - begin) * sizeof(parker);
  }

  parker& at(std::uint64_t number) noexcept { return *std::launder(reinterpret_cast<parker*>(place(number))); }

  parker* make() noexcept {
    const std::lock_guard lock(making_);
    const std::uint32_t number = made_.load(std::memory_order_relaxed);
    const std::uint64_t scale = scale_of(number);
    const std::size_t chunk = chunk_of(scale);
    if (chunk >= chunks) return nullptr;
    if (chunk > 0 && chunks_[chunk] == nullptr) {
      chunks_[chunk] =
          static_cast<std::byte*>(fresh_memory(static_cast<std::size_t>(first_chunk * scale) * sizeof(parker)));
      if (chunks_[chunk] == nullptr) return nullptr;
    }
    auto* const fresh = ::new (place(number)) parker(number);
    made_.store(number + 1, std::memory_order_relaxed);
    return fresh;
  }

  lot_atomic<std::uint64_t> top_{none};
  constant_mutex making_;
  lot_atomic<std::uint32_t> made_{0};        // written under making_
  std::array<std::byte*, chunks> chunks_{};  // written under making_, before the first parker of each is given back
  alignas(parker) std::byte static_[first_chunk * sizeof(parker)]{};
};

}  // namespace park::detail
