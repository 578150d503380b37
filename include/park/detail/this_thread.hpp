// A mark of the calling thread: no two threads that live at one time have the same, and none has 0.
#pragma once

#include <cstdint>

#include "park/config.hpp"
#include "park/lot.hpp"

namespace park::detail {

// Out of line, so that a program and a shared libpark have one.
PARK_API std::uint64_t mark_of_this_thread() noexcept;

// A template over the lot so that the model checker, whose threads the system does not know, puts its own in its place.
template <parking_lot Lot>
class this_thread {
 public:
  static std::uint64_t mark() noexcept { return mark_of_this_thread(); }
};

}  // namespace park::detail
