// How often park (or std, as the control) has called the futex so far. One body per platform, chosen by CMake.
#pragma once

#include <cstdint>

namespace soak {

std::uint64_t futex_calls() noexcept;

}  // namespace soak
