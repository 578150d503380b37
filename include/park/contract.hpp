// park::contract_violation: where every broken precondition ends.
#pragma once

#include "park/config.hpp"

namespace park {

// Prints "park: contract violation: <what>" to standard error and aborts. Complexity: constant; allocates nothing.
//
// what  names the operation and the rule that was broken, e.g. "latch::count_down(n): n is greater than the count".
[[noreturn]] PARK_API void contract_violation(const char* what) noexcept;

}  // namespace park
