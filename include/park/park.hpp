// All of park.
#pragma once

#include "park/barrier.hpp"
#include "park/bounded_queue.hpp"
#include "park/bounded_semaphore.hpp"
#include "park/condition_variable.hpp"
#include "park/countdown_latch.hpp"
#include "park/cyclic_barrier.hpp"
#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "park/semaphore.hpp"
#include "park/thread.hpp"
#include "park/timer.hpp"
