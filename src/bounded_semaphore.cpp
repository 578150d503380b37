#include "park/bounded_semaphore.hpp"

#include "park/contract.hpp"

namespace park {

namespace {

constexpr const char* over_release = "bounded_semaphore::release(n): the count would pass bound()";

}  // namespace

over_release_error::over_release_error() : std::logic_error(over_release) {}

over_release_error::~over_release_error() = default;

void detail::throw_over_release() {
#if PARK_HAS_EXCEPTIONS
  throw over_release_error();
#else
  contract_violation(over_release);
#endif
}

}  // namespace park
