#include "park/bounded_queue.hpp"

namespace park::detail {

#define PARK_DEFINE_WAITING_ROOM(lot) template class waiting_room<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_WAITING_ROOM)

}  // namespace park::detail
