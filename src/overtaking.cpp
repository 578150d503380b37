#include "park/detail/overtaking.hpp"

#include <cstdint>

#include "tuning.hpp"

namespace park::detail {

bool overtakes_often() noexcept {
  static thread_local std::uint32_t overtakes = 0;
  if (++overtakes < tuned.overtakes_to_yield) return false;
  overtakes = 0;
  return true;
}

}  // namespace park::detail
