#include "bounded_permits.hpp"
#include "park/bounded_semaphore.hpp"
#include "park/contract.hpp"
#include "park/detail/overtaking.hpp"
#include "patience.hpp"
#include "permits.hpp"

// None of a thread's turns is so long.
bool park::detail::overtakes_often() noexcept { return false; }

// The library's own would throw.
void park::detail::throw_over_release() { contract_violation("a release above the bound"); }

namespace {

using namespace model;

using permits = park::detail::narrow_permits<lot>;

const table narrow(permits_scenarios<park::basic_counting_semaphore<permits::max, lot>>("narrow_permits"));
const table bounded_releases(bounded_scenarios<permits>("narrow_permits"));

}  // namespace
