// How a spin waits between two looks: see PARK_RELAX in park/backoff.hpp.
#pragma once

#include "park/arch/watch.hpp"

namespace park::detail {

// The watch in use; null where spins poll.
const arch::watch* watch_in_use() noexcept;

}  // namespace park::detail
