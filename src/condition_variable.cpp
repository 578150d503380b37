#include "park/condition_variable.hpp"

namespace park {

#define PARK_DEFINE_CONDITION_VARIABLE(lot) \
  template class detail::wait_queue<lot>;   \
  template class basic_condition_variable<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_CONDITION_VARIABLE)

}  // namespace park
