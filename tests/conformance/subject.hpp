// The subject of the suite: park's types or, with PARK_CONFORMANCE_OF_STD, those of the standard library.
#pragma once

#if defined(PARK_CONFORMANCE_OF_STD)
#include <barrier>
#include <latch>
#include <semaphore>

namespace subject = std;
#else
#include "park/park.hpp"

namespace subject = park;
#endif
