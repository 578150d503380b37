// Objects of static storage duration, in a file of their own, and a use of them that makes threads wait.
#pragma once

#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"

namespace static_life {

// When in the life of a program.
enum when { before_main, in_main, in_a_thread_local_destructor, at_exit, in_a_static_destructor, phases };
inline constexpr const char* names[phases] = {"before main", "in main", "in a thread_local destructor", "at exit",
                                              "in a static destructor"};

template <class Lot>
struct objects {
  park::basic_counting_semaphore<1, Lot> ping{0}, pong{0};
  park::basic_barrier<park::detail::no_completion, Lot> round{2};
  park::basic_latch<Lot> done[phases]{park::basic_latch<Lot>(1), park::basic_latch<Lot>(1), park::basic_latch<Lot>(1),
                                      park::basic_latch<Lot>(1), park::basic_latch<Lot>(1)};
};

// Uses the objects of each lot: two threads wait for each other, and one for a deadline. Says so, or ends the program.
void use(when now) noexcept;

}  // namespace static_life
