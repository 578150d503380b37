// isolated<T>: a T that shares its cache lines with nothing else.
#pragma once

#include <cstddef>
#include <utility>

namespace bench {

// Two lines of 64 bytes, since some CPUs fetch them in pairs, or one of 128.
inline constexpr std::size_t isolation = 128;

template <class T>
struct alignas(isolation) isolated {
  T value;

  template <class... Arguments>
  explicit isolated(Arguments&&... arguments) : value(std::forward<Arguments>(arguments)...) {}

  T& operator*() noexcept { return value; }
  T* operator->() noexcept { return &value; }
};

}  // namespace bench
