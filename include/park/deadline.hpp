// park::deadline: the absolute time at which a wait gives up, on a clock that the operating system can wait on.
//
// Each timed member converts its argument once, with deadline::after or deadline::at, and hands the result down to the lot. A time on a clock
// of the user's own, which may jump, is asked for again meanwhile: a wait for it wakes once in a second at least.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include "park/detail/whole_nanoseconds.hpp"

namespace park {

class deadline {
 public:
  enum class clock : std::uint8_t {
    steady,  // std::chrono::steady_clock
    system,  // std::chrono::system_clock: follows the jumps of the wall clock
  };

  // Later than any time that the clocks reach: the wait has no time limit.
  static constexpr deadline never() noexcept { return {clock::steady, end_of_time}; }

  // `timeout` from now on the steady clock. Rounds up, and saturates to never(): hours::max() neither overflows nor returns early.
  template <class Rep, class Period>
  static deadline after(const std::chrono::duration<Rep, Period>& timeout) {
    const std::int64_t now = detail::whole_nanoseconds(std::chrono::steady_clock::now().time_since_epoch());
    const std::int64_t span = detail::whole_nanoseconds(timeout);
    return {clock::steady, span > 0 && now > end_of_time - span ? end_of_time : now + span};
  }

  template <class Duration>
  static deadline at(const std::chrono::time_point<std::chrono::steady_clock, Duration>& time) noexcept {
    return {clock::steady, detail::whole_nanoseconds(time.time_since_epoch())};
  }

  template <class Duration>
  static deadline at(const std::chrono::time_point<std::chrono::system_clock, Duration>& time) noexcept {
    const std::int64_t since_epoch = detail::whole_nanoseconds(time.time_since_epoch());
    return since_epoch == end_of_time ? never() : deadline{clock::system, since_epoch};
  }

  constexpr clock which() const noexcept { return clock_; }
  // Since the clock's epoch; never negative.
  constexpr std::chrono::nanoseconds since_epoch() const noexcept { return std::chrono::nanoseconds(nanoseconds_); }
  constexpr bool is_never() const noexcept { return nanoseconds_ == end_of_time; }

  bool passed() const noexcept { return remaining() <= std::chrono::nanoseconds::zero(); }

  // How long until the deadline; zero or less once it has passed; nanoseconds::max() for never().
  std::chrono::nanoseconds remaining() const noexcept {
    if (is_never()) return (std::chrono::nanoseconds::max)();
    using std::chrono::duration_cast, std::chrono::nanoseconds;
    return since_epoch() - (which() == clock::steady
                                ? duration_cast<nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
                                : duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch()));
  }

 private:
  static constexpr std::int64_t end_of_time = (std::numeric_limits<std::int64_t>::max)();

  constexpr deadline(clock which, std::int64_t nanoseconds) noexcept : nanoseconds_(nanoseconds), clock_(which) {}

  std::int64_t nanoseconds_;
  clock clock_;
};

}  // namespace park
