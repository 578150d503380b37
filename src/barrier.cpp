#include "park/barrier.hpp"

namespace park::detail {

#define PARK_DEFINE_PHASE_WORD(lot) template class phase_word<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_PHASE_WORD)

}  // namespace park::detail
