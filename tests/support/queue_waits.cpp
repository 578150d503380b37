// Waits for an item, and for a free slot.
#include <utility>
#include <vector>

#include "park/bounded_queue.hpp"
#include "support/wait_kinds.hpp"

namespace support {
namespace {

// pop() of an empty queue.
template <class Lot>
class pop_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "pop";

  void satisfy() { static_cast<void>(queue_.push(1)); }
  bool untouched() const { return queue_.size() == 0; }

  void wait() { static_cast<void>(queue_.pop()); }
  template <class Stop>
  bool wait(Stop stop) {
    return queue_.pop(std::move(stop)).has_value();
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return queue_.pop_for(std::forward<Arguments>(arguments)...).has_value();
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return queue_.pop_until(std::forward<Arguments>(arguments)...).has_value();
  }

 private:
  park::basic_bounded_queue<int, Lot> queue_{2};
};

// push() into a full queue.
template <class Lot>
class push_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "push";

  push_wait() { static_cast<void>(queue_.push(1)); }

  void satisfy() { static_cast<void>(queue_.pop()); }
  bool untouched() const { return queue_.size() == 1; }

  void wait() { static_cast<void>(queue_.push(2)); }
  template <class Stop>
  bool wait(Stop stop) {
    return queue_.push(2, std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return queue_.push_for(2, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return queue_.push_until(2, std::forward<Arguments>(arguments)...);
  }

 private:
  park::basic_bounded_queue<int, Lot> queue_{1};
};

// wait_done() for one item that is popped and not done with.
template <class Lot>
class done_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "wait_done";

  done_wait() {
    static_cast<void>(queue_.push(1));
    static_cast<void>(queue_.pop());
  }

  void satisfy() { queue_.task_done(); }
  bool untouched() const { return queue_.size() == 0; }

  void wait() { queue_.wait_done(); }
  template <class Stop>
  bool wait(Stop stop) {
    return queue_.wait_done(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return queue_.wait_done_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return queue_.wait_done_until(std::forward<Arguments>(arguments)...);
  }

 private:
  park::basic_bounded_queue<int, Lot> queue_{2};
};

// push_range() of what there is no room for.
template <class Lot>
class push_range_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "push_range";

  push_range_wait() { static_cast<void>(queue_.push(1)); }

  void satisfy() { static_cast<void>(queue_.pop()); }
  bool untouched() const { return queue_.size() == 1; }

  void wait() { static_cast<void>(queue_.push_range({2})); }
  template <class Stop>
  bool wait(Stop stop) {
    return queue_.push_range({2}, std::move(stop)) == 1;
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return queue_.push_range_for({2}, std::forward<Arguments>(arguments)...) == 1;
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return queue_.push_range_until({2}, std::forward<Arguments>(arguments)...) == 1;
  }

 private:
  park::basic_bounded_queue<int, Lot> queue_{1};
};

}  // namespace

void add_waits_for_items_and_slots(std::vector<kind_of_wait>& all) {
#define PARK_TESTS_ADD(lot) add_kinds<park::lot, pop_wait, push_wait, push_range_wait, done_wait>(all);
  PARK_FOR_EACH_LOT(PARK_TESTS_ADD)
#undef PARK_TESTS_ADD
}

}  // namespace support
