// Clocks that are neither steady_clock nor system_clock, made from the former.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ratio>
#include <stdexcept>

namespace support {

// Ticks in milliseconds, as floating point.
struct float_clock {
  using duration = std::chrono::duration<double, std::milli>;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<float_clock>;
  static constexpr bool is_steady = true;
  static time_point now() { return time_point(std::chrono::steady_clock::now().time_since_epoch()); }
};

// Counts an hour each ten milliseconds, and nothing less.
struct hour_clock {
  using duration = std::chrono::hours;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<hour_clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    return time_point(duration(
        static_cast<rep>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::milliseconds(10)) + 1));
  }
};

// Counts nanoseconds without a sign.
struct unsigned_clock {
  using duration = std::chrono::duration<std::uint64_t, std::nano>;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<unsigned_clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    return time_point(std::chrono::duration_cast<duration>(std::chrono::steady_clock::now().time_since_epoch()));
  }
};

// Ticks a hundred times a second.
struct centisecond_clock {
  using duration = std::chrono::duration<int, std::centi>;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<centisecond_clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    static const auto start = std::chrono::steady_clock::now();
    return time_point(std::chrono::duration_cast<duration>(std::chrono::steady_clock::now() - start));
  }
};

// Moves on by 200 us when somebody looks at it, and only then: it falls behind the steady clock as far as each wait is long.
struct slow_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<slow_clock>;
  static constexpr bool is_steady = true;
  static time_point now() { return time_point(std::chrono::microseconds(200) * ++looks); }

  static inline std::atomic<int> looks{0};
};

// Stands still but where a test moves it.
struct jumping_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<jumping_clock>;
  static constexpr bool is_steady = false;
  static time_point now() {
    if (breaks) throw std::runtime_error("the clock has broken");
    return time_point(std::chrono::hours(hours));
  }

  static inline std::atomic<int> hours{1};
  static inline std::atomic<bool> breaks{false};
};

// Its epoch lies two centuries ahead, so that its times are negative, like those of libstdc++'s file_clock.
struct late_epoch_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<late_epoch_clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    constexpr std::chrono::hours two_centuries{24 * 365 * 200};
    return time_point(std::chrono::duration_cast<duration>(std::chrono::steady_clock::now().time_since_epoch()) -
                      two_centuries);
  }
};

// Counts audio samples: no whole number of nanoseconds each.
struct sample_clock {
  using duration = std::chrono::duration<std::int64_t, std::ratio<1, 44100>>;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<sample_clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    static const auto start = std::chrono::steady_clock::now();
    return time_point(std::chrono::duration_cast<duration>(std::chrono::steady_clock::now() - start));
  }
};

}  // namespace support
