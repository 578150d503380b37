// A number in another type, which may be the same one on some machines: a cast to that is a warning of compilers.
#pragma once

#include <type_traits>

namespace park::detail {

// Precondition: `To` has the value.
template <class To, class From>
constexpr To narrowed(From value) noexcept {
  if constexpr (std::is_same_v<To, From>) {
    return value;
  } else {
    return static_cast<To>(value);
  }
}

}  // namespace park::detail
