#include "support/waits.hpp"

#include <vector>

#include "support/wait_kinds.hpp"

namespace support {

const std::vector<kind_of_wait>& all_kinds_of_wait() {
  static const std::vector<kind_of_wait> kinds = [] {
    std::vector<kind_of_wait> all;
    add_waits_for_what_comes_true(all);
    add_waits_for_locks(all);
    add_waits_for_items_and_slots(all);
    add_waits_for_permits(all);
    return all;
  }();
  return kinds;
}

std::vector<kind_of_wait> kinds_of_wait_alone() {
  std::vector<kind_of_wait> kinds = all_kinds_of_wait();
  std::erase_if(kinds, [](const kind_of_wait& kind) { return kind.parked > 0; });
  return kinds;
}

}  // namespace support
