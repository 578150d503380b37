#include "platform/identity.hpp"

namespace bench::platform {

identity read_identity() {
  identity found;
  found.hypervisor = read_hypervisor();
  return found;
}

}  // namespace bench::platform
