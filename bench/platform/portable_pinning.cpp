#include "platform/pinning.hpp"

namespace bench::platform {

std::vector<unsigned> allowed_cpus() { return {}; }

bool pin_to(const std::vector<unsigned>&) noexcept { return false; }

}  // namespace bench::platform
