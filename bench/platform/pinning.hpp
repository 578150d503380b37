// Which CPUs a thread may run on, and binding it to some of them.
#pragma once

#include <vector>

namespace bench::platform {

// The CPUs that the calling thread may run on, in order. Empty where the platform cannot pin threads.
std::vector<unsigned> allowed_cpus();

// Binds the calling thread to some of them, at least one. False where the system refuses.
bool pin_to(const std::vector<unsigned>& cpus) noexcept;

}  // namespace bench::platform
