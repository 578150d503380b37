// Memory straight from the operating system, for a lot that may be asked to park a thread in the middle of an allocation: it takes no
// part in malloc or operator new, whose lock the waiting thread may hold. One body per platform, chosen by CMake.
#pragma once

#include <cstddef>

namespace park::detail {

// `size` bytes of zeros, aligned to at least 64; null where there are none. Never given back. Leaves errno as it was.
void* fresh_memory(std::size_t size) noexcept;

}  // namespace park::detail
