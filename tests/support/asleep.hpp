// Whether the operating system has another thread of this process sleep.
#pragma once

namespace support {

using thread_id = int;
inline constexpr thread_id no_thread = 0;

thread_id this_thread();

// True if `thread` sleeps and can be woken; false if it runs, waits for a CPU or is over.
bool asleep(thread_id thread);

// Whether the operating system tells at all: Wine does not, nor do those for which nobody has written how to ask.
bool sleep_is_known();

}  // namespace support
