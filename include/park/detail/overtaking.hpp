// Whether a thread that takes a semaphore's permits past waiters, which have been woken and have no CPU yet, should give way to them.
#pragma once

#include "park/config.hpp"

namespace park::detail {

// True at every `overtakes_to_yield`th call of this thread, see src/tuning.hpp.
PARK_API bool overtakes_often() noexcept;

}  // namespace park::detail
