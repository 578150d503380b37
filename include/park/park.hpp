// All of park.
#pragma once

#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"
