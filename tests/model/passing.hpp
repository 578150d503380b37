// A queue that items are passed through: what every scenario of one needs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "model.hpp"
#include "park/bounded_queue.hpp"
#include "scenario.hpp"

namespace model {

// The slots of the queue that was destroyed in this schedule: who comes too late must find words that tell.
inline void* graveyard = nullptr;

// An int that is moved as one: a read and a write which nothing but the queue orders.
class item {
 public:
  explicit item(int value) noexcept : value_(value) {}
  item(item&& other) noexcept : value_(other.value_.read()) {}
  ~item() { value_.write(0); }

  int value() const { return value_.read(); }

 private:
  datum value_;
};

// The same, of which the compiler does not know that it moves without a throw.
class wary_item : public item {
 public:
  using item::item;
  wary_item(wary_item&& other) noexcept(false) : item(std::move(other)) {}
};

template <class Item = item>
class passing : public scenario {
 protected:
  using queue = park::basic_bounded_queue<Item, lot>;

  explicit passing(std::size_t capacity) : queue_(::new(aligned()) queue(capacity)) {}
  ~passing() override {
    destroy();
    std::free(memory_);
    std::free(std::exchange(graveyard, nullptr));
  }

  // As soon as the caller thinks that nobody needs it any more.
  void destroy() {
    if (queue_ != nullptr) std::destroy_at(std::exchange(queue_, nullptr));
  }

  // `value` from 1 on.
  bool push(int value) { return pushed(value, queue_->emplace(value)); }
  bool pushed(int value, bool done) {
    if (done) pushed_[index(value)].write(1);
    return done;
  }

  bool pop() { return popped(queue_->pop()); }
  bool popped(const std::optional<Item>& got) {
    if (got) {
      const int value = got->value();
      check(value > 0, "an item that was pushed");
      check(popped_[index(value)].read() == 0, "each item once");
      popped_[index(value)].write(1);
    }
    return got.has_value();
  }

  // What is left comes out, and then every item that was pushed has. Nobody waits, so nobody is called.
  void check_all() {
    const unsigned asked = lot::unpark_calls();
    while (popped(queue_->try_pop())) {
    }
    if (queue_->try_emplace(1)) check(queue_->try_pop().has_value(), "it works on");
    check(lot::unpark_calls() == asked, "no waiter, no call of the lot");
    queue_->close();
    check(!pop(), "empty");
    for (std::size_t each = 0; each < most; ++each)
      check(pushed_[each].read() == popped_[each].read(), "nothing is lost");
    check(queue_->size() == 0, "empty");
  }

  queue& it() { return *queue_; }

 private:
  static constexpr std::size_t most = 4;
  static std::size_t index(int value) { return static_cast<std::size_t>(value) - 1; }

  void* aligned() {
    void* memory = memory_;
    std::size_t space = sizeof(queue) + alignof(queue);
    return std::align(alignof(queue), sizeof(queue), memory, space);
  }

  void* const memory_ =
      std::calloc(sizeof(queue) + alignof(queue), 1);  // a scenario is not over-aligned, as the queue is
  queue* queue_;
  std::array<datum, most> pushed_, popped_;
};

}  // namespace model

// Not `new`, part of which the checker replaces.
inline void* park::detail::allocate_zeros(std::size_t bytes) { return std::calloc(bytes, 1); }
inline void park::detail::free_zeros(void* memory) noexcept { model::graveyard = memory; }
