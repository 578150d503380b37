#include "lot/uncancelled.hpp"

namespace park::detail {

int hold_cancellation() noexcept { return 0; }
void restore_cancellation(int) noexcept {}

}  // namespace park::detail
