#include "blocked_signals.hpp"

namespace park::detail {

void block_signals() noexcept {}
blocked_signals::blocked_signals() noexcept { static_cast<void>(before_); }
blocked_signals::~blocked_signals() = default;

}  // namespace park::detail
