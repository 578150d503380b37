#include "park/countdown_latch.hpp"

namespace park {

#define PARK_DEFINE_COUNTDOWN_LATCH(lot) template class basic_countdown_latch<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_COUNTDOWN_LATCH)

}  // namespace park
