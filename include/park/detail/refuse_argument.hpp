// Where an argument ends that a type refuses with an exception, as its model does.
#pragma once

#include "park/config.hpp"

namespace park::detail {

// Throws std::invalid_argument(what). A libpark that is built without exceptions ends in contract_violation(what).
[[noreturn]] PARK_API void refuse_argument(const char* what);

}  // namespace park::detail
