#include "lot/uncancelled.hpp"

namespace park::detail {

uncancelled::uncancelled() noexcept : before_(0) {}
uncancelled::~uncancelled() = default;

}  // namespace park::detail
