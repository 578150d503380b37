// event_gate<Event>: a latch that one count opens, made of an event.
#pragma once

#include <cstddef>

namespace bench {

template <class Event>
class event_gate {
 public:
  explicit event_gate(std::ptrdiff_t) {}
  void count_down() { open_.set(); }
  void wait() { open_.wait(); }

 private:
  Event open_;
};

}  // namespace bench
