// Objects of static and of thread storage duration, in a file of their own, and a use of them that makes threads wait.
#pragma once

#include "park/barrier.hpp"
#include "park/bounded_queue.hpp"
#include "park/bounded_semaphore.hpp"
#include "park/condition_variable.hpp"
#include "park/countdown_latch.hpp"
#include "park/cyclic_barrier.hpp"
#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "park/semaphore.hpp"

namespace static_life {

// When in the life of a program.
enum when { before_main, in_main, in_a_thread_local_destructor, at_exit, in_a_static_destructor, phases };
inline constexpr const char* names[phases] = {"before main", "in main", "in a thread_local destructor", "at exit",
                                              "in a static destructor"};

// There before anything runs, and never gone: made by the compiler, with destructors that do nothing.
template <class Lot>
struct objects {
  park::basic_counting_semaphore<1, Lot> ping{0}, pong{0};
  park::basic_barrier<park::detail::no_completion, Lot> round{2};
  park::basic_latch<Lot> done[phases]{park::basic_latch<Lot>(1), park::basic_latch<Lot>(1), park::basic_latch<Lot>(1),
                                      park::basic_latch<Lot>(1), park::basic_latch<Lot>(1)};
  park::basic_event<Lot> started;
  park::basic_countdown_latch<Lot> steps{0};
  park::basic_bounded_semaphore<Lot> seat{1};
  park::basic_cyclic_barrier<park::detail::no_completion, Lot> meeting{2};
  park::basic_mutex<Lot> access;
  park::basic_recursive_mutex<Lot> nested;
};

// Made by what uses them first, and destroyed when that is.
template <class Lot>
struct mortal_objects {
  park::basic_condition_variable<Lot> changed;
  park::basic_bounded_queue<int, Lot> queue{1};
  bool written = false;
};

// Uses the objects of each lot: two threads wait for each other, and one for a deadline. Says so, or ends the program.
void use(when now) noexcept;

}  // namespace static_life
