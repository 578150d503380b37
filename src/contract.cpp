#include "park/contract.hpp"

#include <cstdio>
#include <cstdlib>

#include "lot/uncancelled.hpp"

namespace park {

void contract_violation(const char* what) noexcept {
  const detail::uncancelled guard;  // a write is a cancellation point
  std::fprintf(stderr, "park: contract violation: %s\n", what);
  std::fflush(stderr);
  std::abort();
}

}  // namespace park
