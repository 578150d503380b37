#include "bounded_permits.hpp"
#include "permits.hpp"

namespace {

using namespace model;

using permits = park::detail::wide_permits<lot_without_pairs>;

const table without_pairs(
    permits_scenarios<park::basic_counting_semaphore<permits::max, lot_without_pairs>>("permits_without_pairs"));
const table bounded_releases(bounded_scenarios<permits>("permits_without_pairs"));

}  // namespace
