#include "park/semaphore.hpp"

namespace park::detail {

#define PARK_DEFINE_PERMITS(lot)      \
  template class narrow_permits<lot>; \
  template class wide_permits<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_PERMITS)

}  // namespace park::detail
