// What the operating system says that the CPU has. One body per platform, chosen by CMake.
#pragma once

#include "park/arch/watch.hpp"

namespace park::detail {

arch::features system_features() noexcept;

}  // namespace park::detail
