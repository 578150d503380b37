// Numbers about a type's max(), where std::ptrdiff_t has 64 bits or 32.
#pragma once

#include <cstddef>
#include <cstdint>

namespace support {

// One more than `max`. Where there is no such number, a negative one, which whoever refuses the one refuses too.
constexpr std::ptrdiff_t above(std::ptrdiff_t max) { return max < PTRDIFF_MAX ? max + 1 : -1; }

// The greatest number above `max`; the same where there is none.
constexpr std::ptrdiff_t far_above(std::ptrdiff_t max) { return max < PTRDIFF_MAX ? PTRDIFF_MAX : -1; }

// The least maximum of a semaphore that has to be a wide one; where none has to be, the greatest that there is.
inline constexpr bool some_are_wide = PTRDIFF_MAX > 0x7fffffff;
inline constexpr auto least_wide = static_cast<std::ptrdiff_t>(some_are_wide ? 0x80000000 : 0x7fffffff);

}  // namespace support
