// Tests of the service of park::timer, by a clock that the test moves and in the test's own thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "park/detail/timer_service.hpp"
#include "park/timer.hpp"
#include "support/observed_lot.hpp"

namespace support {

// Stands still until the test moves it.
struct manual_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<manual_clock>;
  static time_point now() { return time_point(current); }

  static inline duration current{0};
};

template <class Lot>
class served_timers : public observing<Lot> {
 protected:
  using lot = observed_lot<Lot>;
  using service_type = park::detail::timer_service<lot, manual_clock>;
  using function_type = std::function<void()>;
  using timer_task = park::detail::timer_task<lot>;
  using task_type = park::detail::timer_task_of<lot, function_type>;
  using periodic_type = park::detail::periodic_task_of<lot, std::function<void(std::uint64_t)>>;

  struct releasing {
    void operator()(timer_task* one) const { one->release(); }
  };
  using task = std::unique_ptr<timer_task, releasing>;

  served_timers() { manual_clock::current = std::chrono::hours(1000); }

  static park::deadline at(std::chrono::nanoseconds since_epoch) {
    return park::deadline::at(
        std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>(since_epoch));
  }

  // Due after `delay` of the manual clock.
  task start(std::chrono::nanoseconds delay, function_type function) {
    task made(new task_type(std::in_place, std::move(function)));
    service.start(*made, at(manual_clock::current + delay), [this] { ++services; });
    return made;
  }

  // Due after one period, and then by it.
  task start_periodic(std::chrono::nanoseconds period, std::function<void(std::uint64_t)> function) {
    task made(new periodic_type(period.count(), std::move(function)));
    service.start(*made, at(manual_clock::current + period), [this] { ++services; });
    return made;
  }

  // True where it was pending.
  bool restart(timer_task& one, std::chrono::nanoseconds delay) {
    return service.start(one, at(manual_clock::current + delay), [this] { ++services; });
  }

  // Notes its name when it runs.
  task start(std::chrono::nanoseconds delay, const std::string& name) {
    return start(delay, [this, name] { ran += name; });
  }

  std::string run_all() {
    ran.clear();
    while (service.run_next()) {
    }
    return ran;
  }

  service_type service;
  std::string ran;
  int services = 0;
};

}  // namespace support
