// CPUs that cannot watch an address, or not from a user program. On POWER the hints of relax() are what there is.
#pragma once

#include "park/arch/watch.hpp"

namespace park::arch {

inline constexpr watch watches[] = {{"generic", false, watching::always, watching::generic}};

}  // namespace park::arch
