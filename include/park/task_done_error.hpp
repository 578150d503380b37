// park::task_done_error: a task_done() of more items than were ever pushed, see park/bounded_queue.hpp. Python's queue.Queue raises
// ValueError there.
#pragma once

#include <stdexcept>

#include "park/config.hpp"

namespace park {

class PARK_API task_done_error : public std::logic_error {
 public:
  task_done_error();
  ~task_done_error() override;
};

namespace detail {

[[noreturn]] PARK_API void throw_task_done();

}  // namespace detail
}  // namespace park
