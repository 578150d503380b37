#include "park/detail/refuse_argument.hpp"

#include <stdexcept>

#include "park/contract.hpp"

namespace park::detail {

void refuse_argument(const char* what) {
#if PARK_HAS_EXCEPTIONS
  throw std::invalid_argument(what);
#else
  contract_violation(what);
#endif
}

}  // namespace park::detail
