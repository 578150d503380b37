// Counts the system calls that threads make, whoever makes them: a library's inline assembly counts like a call through
// libc.
//
// A counted call costs some microseconds: figures of time from such a run mean nothing. Once installed it lasts for the
// life of the process. Not counted are the calls of a thread's birth and death, those that manage memory or signal
// masks, exec and fork: none of them waits or wakes.
#pragma once

#include <cstdint>
#include <optional>

namespace bench::platform {

struct system_calls {
  std::uint64_t all = 0;
  std::uint64_t futex = 0;  // of these
};

// From now on counts calls of this thread and of those that it starts, while they are in a counted_section. Throws
// std::runtime_error where the platform does not allow it.
void install_system_call_counter();

// The calls so far; empty where no counter is installed.
std::optional<system_calls> counted_system_calls() noexcept;

// The calling thread's system calls are counted from its construction to its destruction...
class counted_section {
 public:
  counted_section() noexcept;
  ~counted_section();
  counted_section(const counted_section&) = delete;
  counted_section& operator=(const counted_section&) = delete;
};

// ... except in here: calls that belong to the harness. Does nothing outside a counted_section.
class uncounted_section {
 public:
  uncounted_section() noexcept;
  ~uncounted_section();
  uncounted_section(const uncounted_section&) = delete;
  uncounted_section& operator=(const uncounted_section&) = delete;

 private:
  [[maybe_unused]] bool counted_before_;
};

}  // namespace bench::platform
