// A mutant: a call out of line on each fast path.
#pragma once

#include "park/config.hpp"

inline volatile int extra_word;
PARK_NO_INLINE inline void extra() { static_cast<void>(extra_word); }
