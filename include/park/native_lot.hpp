// park::native_lot: the best lot of this platform; park::latch and all others park in it.
//
// Configuring with -DPARK_LOT=hashed makes it the portable lot everywhere.
#pragma once

#include "park/config.hpp"
#include "park/hashed_lot.hpp"
#if PARK_HAS_FUTEX
#include "park/futex_lot.hpp"
#endif
#if PARK_HAS_ADDRESS_LOT
#include "park/address_lot.hpp"
#endif

namespace park {

#if PARK_HAS_FUTEX && !defined(PARK_FORCE_HASHED_LOT)
using native_lot = futex_lot;
#elif PARK_HAS_ADDRESS_LOT && !defined(PARK_FORCE_HASHED_LOT)
using native_lot = address_lot;
#else
using native_lot = hashed_lot;
#endif

// Applies a macro to each lot that the library is built with: slow paths are compiled once, in src/.
#if PARK_HAS_FUTEX
#define PARK_FOR_EACH_LOT(apply) apply(futex_lot) apply(hashed_lot)
#elif PARK_HAS_ADDRESS_LOT
#define PARK_FOR_EACH_LOT(apply) apply(address_lot) apply(hashed_lot)
#else
#define PARK_FOR_EACH_LOT(apply) apply(hashed_lot)
#endif

}  // namespace park
