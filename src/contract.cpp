#include "park/contract.hpp"

#include <cstdio>
#include <cstdlib>

namespace park {

void contract_violation(const char* what) noexcept {
  std::fprintf(stderr, "park: contract violation: %s\n", what);
  std::fflush(stderr);
  std::abort();
}

}  // namespace park
