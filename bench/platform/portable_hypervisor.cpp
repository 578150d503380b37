#include "platform/identity.hpp"

namespace bench::platform {

std::optional<std::string> read_hypervisor() { return std::nullopt; }

}  // namespace bench::platform
