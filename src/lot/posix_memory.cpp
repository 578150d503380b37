#include <sys/mman.h>

#include <cerrno>

#include "lot/memory.hpp"

namespace park::detail {

void* fresh_memory(std::size_t size) noexcept {
  const int saved_errno = errno;
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  errno = saved_errno;
  return memory == MAP_FAILED ? nullptr : memory;
}

}  // namespace park::detail
