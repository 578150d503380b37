#include <cstdlib>
#include <memory>

#include "lot/memory.hpp"

namespace park::detail {

// The best there is without an operating system to ask: a wait inside of malloc itself is not for this platform.
void* fresh_memory(std::size_t size) noexcept {
  constexpr std::size_t alignment = 64;
  std::size_t space = size + alignment;
  void* memory = std::calloc(space, 1);
  return memory == nullptr ? nullptr : std::align(alignment, size, memory, space);
}

}  // namespace park::detail
