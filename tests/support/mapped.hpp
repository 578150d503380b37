// support::mapped: an object on memory pages of its own, which can be taken away: any later access to it ends the process.
#pragma once

#include <memory>
#include <new>
#include <utility>

#include "support/pages.hpp"

namespace support {

template <class Object>
class mapped {
 public:
  template <class... Arguments>
  explicit mapped(Arguments&&... arguments)
      : memory_(map_page()), object_(new(memory_) Object(std::forward<Arguments>(arguments)...)) {}
  mapped(const mapped&) = delete;
  mapped& operator=(const mapped&) = delete;
  ~mapped() { free_page(memory_); }

  Object* operator->() const { return object_; }

  // Destroys the object and unmaps its memory. The addresses stay reserved, so that nothing else can come to lie there.
  void vanish() {
    std::destroy_at(object_);
    take_page_away(memory_);
  }

 private:
  static_assert(sizeof(Object) <= smallest_page);

  void* const memory_;
  Object* const object_;
};

// The same interface on the heap, where AddressSanitizer watches what is gone.
template <class Object>
class on_heap {
 public:
  template <class... Arguments>
  explicit on_heap(Arguments&&... arguments) : object_(new Object(std::forward<Arguments>(arguments)...)) {}
  on_heap(const on_heap&) = delete;
  on_heap& operator=(const on_heap&) = delete;
  ~on_heap() {
    if (!vanished_) delete object_;
  }

  Object* operator->() const { return object_; }
  void vanish() {
    vanished_ = true;
    delete object_;
  }

 private:
  Object* const object_;
  bool vanished_ = false;
};

}  // namespace support
