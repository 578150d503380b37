// The pending timers of a service: a heap by time, and by the order of pushing where times are equal. Not for two threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "park/detail/zeros.hpp"

namespace park::detail {

// Of four children each, so that it is half as deep as one of two, and each step reads one line or two. Times lie in the heap, beside
// the address of what they are of; that knows its place, for remove().
class timer_heap {
 public:
  // What can be in one heap at a time.
  class member {
   public:
    // Where it is there; the heap's alone.
    class place {
      friend class timer_heap;
      std::size_t index_ = nowhere;
    };
    place in_heap{};

   protected:
    ~member() = default;
  };

  constexpr timer_heap() noexcept = default;
  timer_heap(const timer_heap&) = delete;
  timer_heap& operator=(const timer_heap&) = delete;
  ~timer_heap() { (std::free)(entries_); }

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  static bool holds(const member& one) noexcept { return one.in_heap.index_ != nowhere; }

  // Of those that are not empty.
  member& first() const noexcept { return *entries_[0].what; }
  std::int64_t first_time() const noexcept { return entries_[0].time; }

  // Throws std::bad_alloc; then nothing has changed.
  void push(member& one, std::int64_t time) {
    if (size_ == room_) grow();
    rise(size_++, {time, pushed_++, &one});
  }

  // Precondition: it is in this heap.
  void remove(member& one) noexcept {
    const std::size_t hole = std::exchange(one.in_heap.index_, nowhere);
    const entry last = entries_[--size_];
    if (hole == size_) return;
    if (hole > 0 && last.is_before(entries_[parent(hole)])) {
      rise(hole, last);
    } else {
      sink(hole, last);
    }
  }

 private:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1), children = 4, first_room = 64;

  struct entry {
    std::int64_t time;
    std::uint64_t order;
    member* what;

    bool is_before(const entry& other) const noexcept {
      return time != other.time ? time < other.time : order < other.order;
    }
  };

  static std::size_t parent(std::size_t place) noexcept { return (place - 1) / children; }

  void put(std::size_t place, const entry& one) noexcept {
    entries_[place] = one;
    one.what->in_heap.index_ = place;
  }

  // Both fill the hole, the one from there upwards, the other downwards.
  void rise(std::size_t hole, entry one) noexcept {
    while (hole > 0 && one.is_before(entries_[parent(hole)])) {
      put(hole, entries_[parent(hole)]);
      hole = parent(hole);
    }
    put(hole, one);
  }

  void sink(std::size_t hole, entry one) noexcept {
    for (;;) {
      const std::size_t begin = hole * children + 1, end = begin + children < size_ ? begin + children : size_;
      std::size_t best = begin;
      for (std::size_t child = begin + 1; child < end; ++child) {
        if (entries_[child].is_before(entries_[best])) best = child;
      }
      if (begin >= size_ || !entries_[best].is_before(one)) break;
      put(hole, entries_[best]);
      hole = best;
    }
    put(hole, one);
  }

  void grow() {
    const std::size_t room = room_ == 0 ? first_room : 2 * room_;
    void* const larger = (std::realloc)(entries_, room * sizeof(entry));
    if (larger == nullptr) throw_bad_alloc();
    entries_ = static_cast<entry*>(larger);
    room_ = room;
  }

  entry* entries_ = nullptr;
  std::size_t size_ = 0, room_ = 0;
  std::uint64_t pushed_ = 0;
};

}  // namespace park::detail
