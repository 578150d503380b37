#include "park/mutex.hpp"

namespace park {

#define PARK_DEFINE_MUTEX(lot) template class basic_mutex<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_MUTEX)

}  // namespace park
