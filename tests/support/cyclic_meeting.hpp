// How a wait at a cyclic barrier ends.
#pragma once

#include <cstddef>

#include "park/cyclic_barrier.hpp"

namespace support {

inline constexpr std::ptrdiff_t broken = -1;

// What wait() returns, or that the barrier was broken.
template <class Wait>
std::ptrdiff_t outcome(Wait wait) {
  try {
    return wait();
  } catch (const park::broken_barrier_error&) {
    return broken;
  }
}

template <class Barrier>
std::ptrdiff_t meet(Barrier& barrier) {
  return outcome([&] { return barrier.wait(); });
}

}  // namespace support
