// Memory that is all zeros, of which the system need give none before it is touched.
#pragma once

#include <cstddef>

#include "park/config.hpp"

namespace park::detail {

// Aligned for any type that is not over-aligned. Throws std::bad_alloc; a libpark that is built without exceptions ends in
// contract_violation.
[[nodiscard]] PARK_API void* allocate_zeros(std::size_t bytes);
PARK_API void free_zeros(void* memory) noexcept;

// As an allocation that is too large to be asked for.
[[noreturn]] PARK_API void throw_bad_alloc();

}  // namespace park::detail
