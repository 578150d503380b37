#include "permits.hpp"

namespace {

using namespace model;

const table wide(
    permits_scenarios<park::basic_counting_semaphore<park::detail::wide_permits<lot>::max, lot>>("wide_permits"));

}  // namespace
