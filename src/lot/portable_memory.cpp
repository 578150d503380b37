#include <cstring>
#include <new>

#include "lot/memory.hpp"

namespace park::detail {

// The best there is without an operating system to ask: a wait inside of operator new itself is not for this platform.
void* fresh_memory(std::size_t size) noexcept {
  void* const memory = ::operator new(size, std::align_val_t{64}, std::nothrow);
  return memory == nullptr ? nullptr : std::memset(memory, 0, size);
}

}  // namespace park::detail
