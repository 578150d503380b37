// The atomic that lots and libpark are made of: std::atomic, unless Valgrind's tools are to be told of it.
#pragma once

#include <atomic>

#include "park/config.hpp"
#if PARK_VALGRIND
#include "park/detail/told_atomic.hpp"
#endif

namespace park::detail {

#if PARK_VALGRIND
template <class T>
using lot_atomic = told_atomic<T>;
#else
template <class T>
using lot_atomic = std::atomic<T>;
#endif

}  // namespace park::detail
