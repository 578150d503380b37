// support::mapped: an object on memory pages of its own, which can be taken away: any later access to it ends the process.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

namespace support {

template <class Object>
class mapped {
 public:
  template <class... Arguments>
  explicit mapped(Arguments&&... arguments)
      : memory_(map(nullptr, PROT_READ | PROT_WRITE, 0)),
        object_(new(memory_) Object(std::forward<Arguments>(arguments)...)) {}
  mapped(const mapped&) = delete;
  mapped& operator=(const mapped&) = delete;
  ~mapped() { munmap(memory_, size()); }

  Object* operator->() const { return object_; }

  // Destroys the object and unmaps its memory. The addresses stay reserved, so that nothing else can come to lie there.
  void vanish() {
    std::destroy_at(object_);
    map(memory_, PROT_NONE, MAP_FIXED);
  }

 private:
  static std::size_t size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

  static void* map(void* where, int protection, int flags) {
    void* const memory = mmap(where, size(), protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    if (memory != MAP_FAILED) return memory;
    std::perror("mmap");
    std::abort();
  }

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
