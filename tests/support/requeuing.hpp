// Whether this executable's futex_lot moves sleepers, or is the one of PARK_REQUEUE=OFF, which wakes them. One body for each, chosen by CMake.
#pragma once

#include "park/lot.hpp"

namespace support {

bool library_requeues();

template <class Lot>
bool moves_sleepers() {
  if constexpr (park::requeuing_lot<Lot>) {
    return library_requeues();
  } else {
    return false;
  }
}

}  // namespace support
