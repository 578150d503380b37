// What the scenarios are made of: park's types in each lot, and std's as a control.
#pragma once

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <latch>
#include <semaphore>
#include <string>

#include "jittery_lot.hpp"
#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"
#include "round.hpp"

namespace soak {

inline constexpr std::ptrdiff_t narrow = 0x7fffffff;
inline constexpr std::ptrdiff_t wide = PTRDIFF_MAX;

template <class Lot>
struct of_park {
  static constexpr bool extended = true;
  using lot = Lot;
  using latch = park::basic_latch<Lot>;
  template <std::ptrdiff_t Max>
  using semaphore = park::basic_counting_semaphore<Max, Lot>;
  template <class Completion>
  using barrier = park::basic_barrier<Completion, Lot>;
};

struct of_std {
  static constexpr bool extended = false;
  using latch = std::latch;
  template <std::ptrdiff_t Max>
  using semaphore = std::counting_semaphore<std::min(Max, narrow)>;  // libstdc++ 12 refuses more
  template <class Completion>
  using barrier = std::barrier<Completion>;
};

// Calls add.template operator()<Types>(family) for each family.
template <class Add>
void for_each_family(Add add) {
#define PARK_SOAK_ADD(lot)                                      \
  add.template operator()<of_park<park::lot>>(park::lot::name); \
  add.template operator()<of_park<jittery<park::lot>>>(std::string("jittery_") + park::lot::name);
  PARK_FOR_EACH_LOT(PARK_SOAK_ADD)
#undef PARK_SOAK_ADD
  add.template operator()<of_std>("std");
}

}  // namespace soak
