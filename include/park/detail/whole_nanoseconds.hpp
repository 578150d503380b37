// A duration of any type in the unit that the operating system waits in.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace park::detail {

// Nanoseconds, rounded up, so that no wait ends early. Below zero reads as zero (a time before the epoch has passed, a negative
// timeout is no timeout), so does NaN; what does not fit reads as the greatest std::int64_t.
template <class Rep, class Period>
constexpr std::int64_t whole_nanoseconds(const std::chrono::duration<Rep, Period>& time) noexcept {
  using source = std::chrono::duration<Rep, Period>;
  using seconds = std::chrono::duration<double>;
  constexpr seconds limit{9.2e9};  // about 292 years, the most that 63 bits of nanoseconds hold
  if (!(time > source::zero())) return 0;
  if (std::chrono::duration_cast<seconds>(time) >= limit) return (std::numeric_limits<std::int64_t>::max)();
  // In two parts: a year of 44100ths of a second times 10^9 would not fit.
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  return (std::chrono::nanoseconds(whole) + std::chrono::ceil<std::chrono::nanoseconds>(time - whole)).count();
}

}  // namespace park::detail
