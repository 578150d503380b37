// Waiting that uses none of the primitives under test and makes no counted system call.
#pragma once

#include <chrono>
#include <thread>

#include "park/arch/arch.hpp"
#include "platform/system_call_counter.hpp"

namespace bench {

// Polls until ready(): at full speed while there is a CPU for each thread, and then, or after some microseconds,
// yielding in between.
template <class Ready>
void poll_until(Ready&& ready, bool cpu_for_each) {
  constexpr unsigned polls_at_full_speed = 256;
  for (unsigned polls = 0; !ready(); ++polls) {
    if (cpu_for_each && polls < polls_at_full_speed) {
      park::arch::relax();
    } else {
      const platform::uncounted_section harness;
      std::this_thread::yield();
    }
  }
}

// Leaves the CPU to others.
inline void nap(std::chrono::nanoseconds duration) {
  const platform::uncounted_section harness;
  std::this_thread::sleep_for(duration);
}

}  // namespace bench
