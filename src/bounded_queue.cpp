#include "park/bounded_queue.hpp"

#include "park/contract.hpp"

namespace park {

namespace {

constexpr const char* too_many_done = "bounded_queue::task_done(items): more items are done with than were pushed";

}  // namespace

task_done_error::task_done_error() : std::logic_error(too_many_done) {}

task_done_error::~task_done_error() = default;

void detail::throw_task_done() {
#if PARK_HAS_EXCEPTIONS
  throw task_done_error();
#else
  contract_violation(too_many_done);
#endif
}

namespace detail {

#define PARK_DEFINE_WAITING_ROOM(lot) template class waiting_room<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_WAITING_ROOM)

}  // namespace detail
}  // namespace park
