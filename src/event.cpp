#include "park/event.hpp"

namespace park {

#define PARK_DEFINE_EVENT(lot) template class basic_event<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_EVENT)

}  // namespace park
