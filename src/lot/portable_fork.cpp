#include "lot/fork.hpp"

namespace park::detail {

void in_fork_child(void (*)()) noexcept {}

}  // namespace park::detail
