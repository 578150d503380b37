#include "lot/last_error.hpp"
#include "lot/memory.hpp"
#include "lot/windows.hpp"

namespace park::detail {

void* fresh_memory(std::size_t size) noexcept {
  const last_error kept;
  return ::VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

}  // namespace park::detail
