#include "permits.hpp"

namespace {

const model::table narrow(model::permits_scenarios<park::detail::narrow_permits<model::lot>::max>("narrow_permits"));

}  // namespace
