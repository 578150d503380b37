#include "park/detail/zeros.hpp"

#include <cstdlib>
#include <new>

#include "park/contract.hpp"

namespace park::detail {

void* allocate_zeros(std::size_t bytes) {
  void* const memory = std::calloc(bytes, 1);
  if (memory == nullptr) throw_bad_alloc();
  return memory;
}

void free_zeros(void* memory) noexcept { std::free(memory); }

void throw_bad_alloc() {
#if PARK_HAS_EXCEPTIONS
  throw std::bad_alloc();
#else
  contract_violation("out of memory");
#endif
}

}  // namespace park::detail
