// How many of several that are notified together are woken at once, where the others are moved to their mutex.
#pragma once

#include <cstdint>

#include "park/config.hpp"
#include "park/lot.hpp"

namespace park::detail {

// tuning::wake_chains, or 0 where the process may use one CPU only: there whoever is woken waits for the notifier's CPU first.
PARK_API std::uint32_t wake_chains_here() noexcept;

// A template over the lot so that the model checker puts its own in its place.
template <parking_lot Lot>
struct wake_chains {
  static std::uint32_t most() noexcept { return wake_chains_here(); }
};

}  // namespace park::detail
