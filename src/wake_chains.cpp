#include "park/detail/wake_chains.hpp"

#include "known_cpus.hpp"
#include "tuning.hpp"

std::uint32_t park::detail::wake_chains_here() noexcept { return known_cpus() > 1 ? tuned.wake_chains : 0; }
