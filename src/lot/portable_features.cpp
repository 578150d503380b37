#include "lot/features.hpp"

namespace park {

arch::features detail::system_features() noexcept { return {}; }

}  // namespace park
