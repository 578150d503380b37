#include "support/waits.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "park/barrier.hpp"
#include "park/bounded_queue.hpp"
#include "park/condition_variable.hpp"
#include "park/countdown_latch.hpp"
#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "park/semaphore.hpp"
#include "support/eventually.hpp"

namespace support {
namespace {

// The kinds, each over a lot.

template <class Lot>
class latch_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "latch";

  void satisfy() { latch_.count_down(); }
  bool untouched() const { return !latch_.try_wait(); }

  void wait() { latch_.wait(); }
  template <class Stop>
  bool wait(Stop stop) {
    return latch_.wait(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return latch_.wait_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return latch_.wait_until(std::forward<Arguments>(arguments)...);
  }

 private:
  park::basic_latch<Lot> latch_{1};
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

template <class Lot>
class countdown_latch_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "countdown_latch";

  void satisfy() { latch_.count_down(); }
  bool untouched() const { return latch_.count() == 1; }

  void wait() { latch_.wait(); }
  template <class Stop>
  bool wait(Stop stop) {
    return latch_.wait(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return latch_.wait_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return latch_.wait_until(std::forward<Arguments>(arguments)...);
  }

 private:
  park::basic_countdown_latch<Lot> latch_;
};

template <class Lot>
class event_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "event";

  void satisfy() { event_.set(); }
  bool untouched() const { return !event_.is_set(); }

  void wait() { event_.wait(); }
  template <class Stop>
  bool wait(Stop stop) {
    return event_.wait(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return event_.wait_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return event_.wait_until(std::forward<Arguments>(arguments)...);
  }

 private:
  park::basic_event<Lot> event_;
};

// A mutex that is held; by the same thread, which the mutex does not see.
template <class Lot>
class mutex_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "mutex";

  mutex_wait() { mutex_.lock(); }

  void satisfy() { mutex_.unlock(); }
  bool untouched() const { return !mutex_.try_lock(); }

  void wait() { mutex_.lock(); }
  template <class Stop>
  bool wait(Stop stop) {
    return mutex_.lock(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return mutex_.try_lock_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return mutex_.try_lock_until(std::forward<Arguments>(arguments)...);
  }

 private:
  mutable park::basic_mutex<Lot> mutex_;
};

// A recursive mutex that another thread holds, until it is told to let go.
template <class Lot>
class recursive_mutex_wait {
 public:
  static constexpr int parked = 0;
  static constexpr const char* name = "recursive_mutex";

  recursive_mutex_wait() {
    std::atomic<bool> held{false};
    owner_ = std::thread([this, &held] {
      mutex_.lock();
      held = true;
      let_go_.wait(false);
      mutex_.unlock();
    });
    eventually([&] { return held.load(); });
  }
  ~recursive_mutex_wait() { satisfy(); }

  void satisfy() {
    let_go_ = true;
    let_go_.notify_one();
    if (owner_.joinable()) owner_.join();
  }
  bool untouched() const { return !mutex_.try_lock(); }

  void wait() { mutex_.lock(); }
  template <class Stop>
  bool wait(Stop stop) {
    return mutex_.lock(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return mutex_.try_lock_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return mutex_.try_lock_until(std::forward<Arguments>(arguments)...);
  }

 private:
  mutable park::basic_recursive_mutex<Lot> mutex_;
  std::atomic<bool> let_go_{false};
  std::thread owner_;
};

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

// acquire(Wanted) on a semaphore that lacks one permit.
template <class Lot, std::ptrdiff_t Most, std::ptrdiff_t Wanted>
class acquire_wait {
 public:
  static constexpr int parked = 0;

  void satisfy() { semaphore_.release(); }
  bool untouched() const { return semaphore_.available() == Wanted - 1; }

  void wait() { semaphore_.acquire(Wanted); }
  template <class Stop>
  bool wait(Stop stop) {
    return semaphore_.acquire(Wanted, std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return semaphore_.try_acquire_for(Wanted, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return semaphore_.try_acquire_until(Wanted, std::forward<Arguments>(arguments)...);
  }

 private:
  park::basic_counting_semaphore<Most, Lot> semaphore_{Wanted - 1};
};

// acquire(2) on a semaphore where another thread collects permits already: a wait for that thread to be done.
template <class Lot, std::ptrdiff_t Most>
class second_collector_wait {
 public:
  static constexpr int parked = 1;

  second_collector_wait() {
    const int before = Lot::what().parked;
    first_ = std::thread([this] {
      semaphore_.acquire(2);
      semaphore_.release(2);
    });
    eventually([before] { return Lot::what().parked > before; });
  }
  ~second_collector_wait() {
    if (!satisfied_) semaphore_.release();
    first_.join();
  }

  void satisfy() {
    satisfied_ = true;
    semaphore_.release();
  }
  bool untouched() const { return semaphore_.available() == 0; }

  void wait() { semaphore_.acquire(2); }
  template <class Stop>
  bool wait(Stop stop) {
    return semaphore_.acquire(2, std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return semaphore_.try_acquire_for(2, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return semaphore_.try_acquire_until(2, std::forward<Arguments>(arguments)...);
  }

 private:
  bool satisfied_ = false;
  park::basic_counting_semaphore<Most, Lot> semaphore_{1};
  std::thread first_;
};

inline constexpr std::ptrdiff_t narrow_most = 1000, wide_most = PTRDIFF_MAX;

template <class Lot>
class semaphore_wait : public acquire_wait<Lot, narrow_most, 1> {
 public:
  static constexpr const char* name = "semaphore";
};

template <class Lot>
class wide_semaphore_wait : public acquire_wait<Lot, wide_most, 1> {
 public:
  static constexpr const char* name = "wide_semaphore";
};

template <class Lot>
class collector_wait : public acquire_wait<Lot, narrow_most, 3> {
 public:
  static constexpr const char* name = "collector";
};

template <class Lot>
class wide_collector_wait : public acquire_wait<Lot, wide_most, 3> {
 public:
  static constexpr const char* name = "wide_collector";
};

template <class Lot>
class gate_wait : public second_collector_wait<Lot, narrow_most> {
 public:
  static constexpr const char* name = "gate";
};

template <class Lot>
class wide_gate_wait : public second_collector_wait<Lot, wide_most> {
 public:
  static constexpr const char* name = "wide_gate";
};

// Behind the interface.
template <class Kind>
class wait_of final : public any_wait {
 public:
  void satisfy() override { kind_.satisfy(); }
  bool untouched() const override { return kind_.untouched(); }

  void wait() override { kind_.wait(); }
  bool wait(stop_token stop) override {
    return std::visit([this](auto token) { return kind_.wait(std::move(token)); }, std::move(stop));
  }
  bool wait_for_any(timeout time) override {
    return std::visit([this](auto each) { return kind_.wait_for(each); }, time);
  }
  bool wait_for(stop_token stop, std::chrono::nanoseconds time) override {
    return std::visit([&](auto token) { return kind_.wait_for(std::move(token), time); }, std::move(stop));
  }
  bool wait_until(time_point time) override {
    return std::visit([this](auto each) { return kind_.wait_until(each); }, time);
  }
  bool wait_until(stop_token stop, time_point time) override {
    return std::visit([this](auto token, auto each) { return kind_.wait_until(std::move(token), each); },
                      std::move(stop), time);
  }

 private:
  Kind kind_;
};

template <class Lot>
class observing_until_the_end final : public observations<Lot> {
 public:
  observing_until_the_end() { observed_lot<Lot>::current = this; }
  ~observing_until_the_end() override { observed_lot<Lot>::current = nullptr; }
};

template <class Lot, template <class> class... Kinds>
void add(std::vector<kind_of_wait>& all) {
  (all.push_back(
       {std::string(Kinds<observed_lot<Lot>>::name) + "_" + Lot::name, Kinds<observed_lot<Lot>>::parked,
        !std::is_same_v<Lot, park::hashed_lot>,
        []() -> std::unique_ptr<any_wait> { return std::make_unique<wait_of<Kinds<observed_lot<Lot>>>>(); },
        []() -> std::unique_ptr<common_observations> { return std::make_unique<observing_until_the_end<Lot>>(); }}),
   ...);
}

}  // namespace

const std::vector<kind_of_wait>& all_kinds_of_wait() {
  static const std::vector<kind_of_wait> kinds = [] {
    std::vector<kind_of_wait> all;
#define PARK_TESTS_ADD(lot)                                                                                    \
  add<park::lot, latch_wait, barrier_wait, countdown_latch_wait, event_wait, mutex_wait, recursive_mutex_wait, \
      condition_variable_wait, pop_wait, push_wait, semaphore_wait, wide_semaphore_wait, collector_wait,       \
      wide_collector_wait, gate_wait, wide_gate_wait>(all);
    PARK_FOR_EACH_LOT(PARK_TESTS_ADD)
#undef PARK_TESTS_ADD
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
