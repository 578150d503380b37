// The slots of a bounded_queue, and the tickets that number them.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>

#include "park/detail/narrowed.hpp"
#include "park/detail/zeros.hpp"

namespace park::detail {

// A ticket is a place in the endless order of all items that the queue will ever have: lap * 2^b + index, where b is the least that holds
// each index below the capacity. So a ticket's slot is found without a division, whatever the capacity is. Bit 63 is never reached: at
// a billion items a second, for 292 years.
//
// The word of a slot, modulo 2^32:
//
//   4 * lap       free for the item of this lap; or being filled with it
//   4 * lap + 2   full with the item of this lap; or being emptied of it
//   + 1           awaited: a thread sleeps, or is about to, until the filling or emptying that is under way is done. See ring.
template <class T, class Lot>
class slot_array {
 public:
  using ticket = std::uint64_t;
  using word_type = std::uint32_t;

  static constexpr std::size_t max_capacity = std::size_t{1} << 31;
  static constexpr word_type awaited = 1;

  struct slot {
    typename Lot::template atomic<word_type> word{0};
    alignas(T) std::byte memory[sizeof(T)];

    T& item() noexcept {
      // NOLINTNEXTLINE(bugprone-casting-through-void): of the other cast compilers warn, which know no alignas
      return *std::launder(static_cast<T*>(static_cast<void*>(memory)));
    }
  };

  // 1 <= capacity <= max_capacity.
  explicit slot_array(std::size_t capacity)
      : index_bits_(static_cast<int>(std::bit_width(capacity - 1))),
        last_index_((ticket{1} << index_bits_) - 1),
        capacity_(capacity),
        memory_(allocate(capacity)),
        slots_(aligned()) {
    if constexpr (!zeros_will_do) {
      for (std::size_t index = 0; index < capacity_; ++index) ::new (slots_ + index) slot;
    }
  }
  ~slot_array() {
    if constexpr (!zeros_will_do) std::destroy_n(slots_, capacity_);
    free_zeros(memory_);
  }
  slot_array(const slot_array&) = delete;
  slot_array& operator=(const slot_array&) = delete;

  std::size_t capacity() const noexcept { return capacity_; }

  slot& operator[](ticket at) const noexcept { return slots_[index(at)]; }

  ticket next(ticket at) const noexcept { return index(at) + 1 < capacity_ ? at + 1 : (at | last_index_) + 1; }

  // The ticket that comes so many later.
  ticket later(ticket at, ticket many) const noexcept {
    if (many == 1) return next(at);
    const ticket place = index(at) + many;  // many < 2^63
    return (at & ~last_index_) + (place / capacity_ << index_bits_) + place % capacity_;
  }

  // How many tickets there are from one to another.
  std::int64_t distance(ticket from, ticket to) const noexcept {
    return static_cast<std::int64_t>(number(to) - number(from));
  }

  // The ticket for the same slot one lap before.
  ticket lap_before(ticket at) const noexcept { return at - last_index_ - 1; }

  // How far a slot is past the state that it is in for a ticket: 0, it is in that state; -awaited, that is being waited for.
  std::int32_t past(word_type state, ticket at, std::memory_order order) const noexcept {
    return static_cast<std::int32_t>((*this)[at].word.load(order) - state);
  }

  word_type free_word(ticket at) const noexcept { return static_cast<word_type>(at >> index_bits_) * 4; }
  word_type full_word(ticket at) const noexcept { return free_word(at) + 2; }
  word_type free_again_word(ticket at) const noexcept { return free_word(at) + 4; }

 private:
  // The bytes of every lock-free std::atomic<std::uint32_t> of this size are those of its value, so that a queue of any capacity is
  // made without a touch of its slots. The model's, and others, are made one by one.
  static constexpr bool zeros_will_do =
      std::is_same_v<typename Lot::template atomic<word_type>, std::atomic<word_type>> &&
      sizeof(std::atomic<word_type>) == sizeof(word_type);
  static constexpr std::size_t slack = alignof(slot) > alignof(std::max_align_t) ? alignof(slot) : 0;

  static void* allocate(std::size_t capacity) {
    if (capacity > ((std::numeric_limits<std::size_t>::max)() - slack) / sizeof(slot)) throw_bad_alloc();
    return allocate_zeros(capacity * sizeof(slot) + slack);
  }
  slot* aligned() const noexcept {
    void* memory = memory_;
    std::size_t space = capacity_ * sizeof(slot) + slack;
    return static_cast<slot*>(std::align(alignof(slot), capacity_ * sizeof(slot), memory, space));
  }

  std::size_t index(ticket at) const noexcept { return narrowed<std::size_t>(at & last_index_); }
  ticket number(ticket at) const noexcept { return (at >> index_bits_) * capacity_ + index(at); }

  const int index_bits_;
  const ticket last_index_;
  const std::size_t capacity_;
  void* const memory_;
  slot* const slots_;
};

}  // namespace park::detail
