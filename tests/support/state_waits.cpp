// Waits for what comes true for all: latches, events, phases, and what a condition variable tells of.
#include <mutex>
#include <utility>
#include <vector>

#include "park/barrier.hpp"
#include "park/condition_variable.hpp"
#include "park/countdown_latch.hpp"
#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "support/wait_kinds.hpp"

namespace support {
namespace {

// An object whose own waits have these names.
template <class Object>
class own_waits {
 public:
  static constexpr int parked = 0;

  void wait() { object_.wait(); }
  template <class Stop>
  bool wait(Stop stop) {
    return object_.wait(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return object_.wait_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return object_.wait_until(std::forward<Arguments>(arguments)...);
  }

 protected:
  template <class... Arguments>
  explicit own_waits(Arguments... arguments) : object_(arguments...) {}

  Object object_;
};

template <class Lot>
class latch_wait : public own_waits<park::basic_latch<Lot>> {
 public:
  static constexpr const char* name = "latch";

  latch_wait() : own_waits<park::basic_latch<Lot>>(1) {}

  void satisfy() { this->object_.count_down(); }
  bool untouched() const { return !this->object_.try_wait(); }
};

template <class Lot>
class countdown_latch_wait : public own_waits<park::basic_countdown_latch<Lot>> {
 public:
  static constexpr const char* name = "countdown_latch";

  void satisfy() { this->object_.count_down(); }
  bool untouched() const { return this->object_.count() == 1; }
};

template <class Lot>
class event_wait : public own_waits<park::basic_event<Lot>> {
 public:
  static constexpr const char* name = "event";

  void satisfy() { this->object_.set(); }
  bool untouched() const { return !this->object_.is_set(); }
};

template <class Lot>
class barrier_wait {
  using barrier = park::basic_barrier<park::detail::no_completion, Lot>;

 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "barrier";

  void satisfy() { static_cast<void>(barrier_.arrive()); }
  bool untouched() const { return !barrier_.try_wait(token_); }

  void wait() { barrier_.wait(std::move(token_)); }
  template <class Stop>
  bool wait(Stop stop) {
    return barrier_.wait(token_, std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return barrier_.wait_for(token_, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return barrier_.wait_until(token_, std::forward<Arguments>(arguments)...);
  }

 private:
  barrier barrier_{2};
  typename barrier::arrival_token token_ = barrier_.arrive();
};

// A wait, with a predicate, for what another thread says under the mutex.
template <class Lot>
class condition_variable_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "condition_variable";

  void satisfy() {
    const std::lock_guard hold(mutex_);
    satisfied_ = true;
    changed_.notify_one();
  }
  bool untouched() const { return !satisfied_; }

  void wait() {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, said());
  }
  template <class Stop>
  bool wait(Stop stop) {
    std::unique_lock hold(mutex_);
    return changed_.wait(hold, std::move(stop), said());
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, std::forward<Arguments>(arguments)..., said());
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    std::unique_lock hold(mutex_);
    return changed_.wait_until(hold, std::forward<Arguments>(arguments)..., said());
  }

 private:
  auto said() const {
    return [this] { return satisfied_; };
  }

  park::basic_mutex<Lot> mutex_;
  park::basic_condition_variable<Lot> changed_;
  bool satisfied_ = false;
};

}  // namespace

void add_waits_for_what_comes_true(std::vector<kind_of_wait>& all) {
#define PARK_TESTS_ADD(lot) \
  add_kinds<park::lot, latch_wait, barrier_wait, countdown_latch_wait, event_wait, condition_variable_wait>(all);
  PARK_FOR_EACH_LOT(PARK_TESTS_ADD)
#undef PARK_TESTS_ADD
}

}  // namespace support
