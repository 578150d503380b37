// A queue of 64 places, filled by half of the threads and emptied by the others. See carried_items.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "workloads/carried_items.hpp"
#include "workloads/workload.hpp"

namespace bench {

inline constexpr std::size_t queue_capacity = 64;

struct queue_contended {
  static constexpr workload about{"queue_contended",
                                  "Bounded queue",
                                  "T/2 threads push items into a queue of 64 places, T/2 pop them",
                                  "item pushed and popped",
                                  "contended",
                                  "sweep",
                                  2,
                                  2,
                                  {1, 2, 4}};

  template <has_queue Adaptor>
  static measurement run(const settings& how) {
    isolated<typename Adaptor::queue> queue(queue_capacity);
    return carry_items(how, [&](std::uint64_t item) { queue->push(item); }, [&] { return queue->pop(); });
  }
};

}  // namespace bench
