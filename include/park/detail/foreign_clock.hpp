// Times on a clock that the operating system cannot wait on, which may count anything, from any epoch, in any type.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <numeric>
#include <ratio>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/detail/whole_nanoseconds.hpp"

namespace park::detail {

// A duration of an integer type, split without loss: `wholes` of Unit, rounded down, and 0 <= rest < one Unit, in Period.
template <class Unit, class Duration>
struct split_duration {
  static constexpr std::int64_t ticks_per_whole = std::ratio_divide<Unit, typename Duration::period>::num;
  using count_type = std::conditional_t<std::is_unsigned_v<typename Duration::rep>, std::uint64_t, std::int64_t>;

  count_type wholes = 0;
  std::int64_t rest = 0;

  constexpr explicit split_duration(const Duration& time) noexcept {
    constexpr auto ticks = static_cast<count_type>(ticks_per_whole);
    const auto count = static_cast<count_type>(time.count());
    wholes = static_cast<count_type>(count / ticks);
    rest = static_cast<std::int64_t>(count % ticks);
    if (rest < 0) {
      rest += ticks_per_whole;
      --wholes;
    }
  }
};

// time - now for integer types. Neither can be brought into the other's unit: their epoch may be so far away that it does not fit. So
// the least unit is counted in that is a multiple of both, and the rest in the greatest that both are a multiple of.
template <class Time, class Now>
constexpr std::int64_t nanoseconds_between(const Now& now, const Time& time) noexcept {
  using time_period = typename Time::period;
  using now_period = typename Now::period;
  using whole_unit =
      std::ratio<std::lcm(time_period::num, now_period::num), std::gcd(time_period::den, now_period::den)>;
  using rest_unit = typename std::common_type_t<Time, Now>::period;
  constexpr std::int64_t rests_per_whole = std::ratio_divide<whole_unit, rest_unit>::num;
  constexpr std::int64_t end_of_time = (std::numeric_limits<std::int64_t>::max)();

  const split_duration<whole_unit, Time> to(time);
  const split_duration<whole_unit, Now> from(now);
  if (std::cmp_less(to.wholes, from.wholes)) return 0;
  // Modulo 2^64, which is enough except from far below zero to far above 2^63.
  std::uint64_t wholes = static_cast<std::uint64_t>(to.wholes) - static_cast<std::uint64_t>(from.wholes);
  if (std::cmp_less(from.wholes, 0) && std::cmp_greater_equal(to.wholes, 0) && std::cmp_less(wholes, to.wholes)) {
    return end_of_time;
  }
  std::int64_t rest = to.rest * std::ratio_divide<time_period, rest_unit>::num -
                      from.rest * std::ratio_divide<now_period, rest_unit>::num;
  if (rest < 0) {
    if (wholes == 0) return 0;
    rest += rests_per_whole;
    --wholes;
  }
  const std::int64_t most = whole_nanoseconds(std::chrono::duration<std::uint64_t, whole_unit>(wholes));
  const std::int64_t more = whole_nanoseconds(std::chrono::duration<std::int64_t, rest_unit>(rest));
  return most > end_of_time - more ? end_of_time : most + more;
}

// How long until `time`, where it is `now`: zero once that has come, and nanoseconds::max() where it is further away than that. Rounds
// up. A time that is not a number has come.
template <class Clock, class Time, class Now>
constexpr std::chrono::nanoseconds time_left(const std::chrono::time_point<Clock, Time>& time,
                                             const std::chrono::time_point<Clock, Now>& now) noexcept {
  if constexpr (std::is_integral_v<typename Time::rep> && std::is_integral_v<typename Now::rep>) {
    return std::chrono::nanoseconds(nanoseconds_between(now.time_since_epoch(), time.time_since_epoch()));
  } else {
    using common = std::common_type_t<Time, Now>;
    using wide = std::chrono::duration<std::common_type_t<typename common::rep, double>, typename common::period>;
    const wide left = wide(time.time_since_epoch()) - wide(now.time_since_epoch());
    return std::chrono::nanoseconds(whole_nanoseconds(left));
  }
}

// A time on such a clock, of whatever types, for who asks now and then whether it has come. Once it has, the clock is asked no more.
class foreign_time {
 public:
  // For how long at most a sleeper may leave the clock alone.
  static constexpr std::chrono::nanoseconds longest_step = std::chrono::seconds(1);

  // `time` must outlive it.
  template <class Clock, class Duration>
  explicit foreign_time(const std::chrono::time_point<Clock, Duration>& time) noexcept
      : time_(&time), ask_(&ask<Clock, Duration>) {}

  // As time_left() from now on. Where the clock throws the time has come, and threw() says why: who waits may not throw, its caller may.
  std::chrono::nanoseconds left() noexcept {
    const std::chrono::nanoseconds left = come_ ? left.zero() : ask_(*this);
    come_ = left == left.zero();
    return left;
  }
  bool has_come() noexcept { return left() == std::chrono::nanoseconds::zero(); }

  bool threw() const noexcept { return threw_; }

 private:
  template <class Clock, class Duration>
  static std::chrono::nanoseconds ask(foreign_time& of) noexcept {
    const auto& time = *static_cast<const std::chrono::time_point<Clock, Duration>*>(of.time_);
    if constexpr (noexcept(Clock::now())) {
      return time_left(time, Clock::now());
    } else {
      return of.zero_if_it_throws([&] { return time_left(time, Clock::now()); });
    }
  }

  template <class Ask>
  std::chrono::nanoseconds zero_if_it_throws(Ask ask) noexcept {
#if PARK_HAS_EXCEPTIONS
    try {
      return ask();
    } catch (...) {
      threw_ = true;
      return std::chrono::nanoseconds::zero();
    }
#else
    return ask();
#endif
  }

  const void* const time_;
  std::chrono::nanoseconds (*const ask_)(foreign_time&);
  bool come_ = false, threw_ = false;
};

}  // namespace park::detail
