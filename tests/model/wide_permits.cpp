#include "permits.hpp"

namespace {

const model::table wide(model::permits_scenarios<park::detail::wide_permits<model::lot>::max>("wide_permits"));

}  // namespace
