// How many forks lie between the program's start and this process: threads of an earlier one are not here.
#pragma once

#include <cstdint>

#include "park/config.hpp"

namespace park::detail {

PARK_API std::uint32_t forks() noexcept;

}  // namespace park::detail
