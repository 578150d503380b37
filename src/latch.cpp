#include "park/latch.hpp"

namespace park {

#define PARK_DEFINE_LATCH(lot) template class basic_latch<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_LATCH)

}  // namespace park
