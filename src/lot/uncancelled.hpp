// Keeps pthread_cancel away from a call that is none of the cancellation points that park promises not to be. One body per platform,
// chosen by CMake.
#pragma once

namespace park::detail {

// A cancellation of the calling thread stays pending from now on; returns how it was before. Both are async-signal-safe.
int hold_cancellation() noexcept;
void restore_cancellation(int before) noexcept;

// Holds it while it lives: what the thread calls in the meantime may be a cancellation point, where the unwinding would meet noexcept and
// end the program.
class uncancelled {
 public:
  uncancelled() noexcept : before_(hold_cancellation()) {}
  uncancelled(const uncancelled&) = delete;
  uncancelled& operator=(const uncancelled&) = delete;
  ~uncancelled() { restore_cancellation(before_); }

 private:
  const int before_;
};

}  // namespace park::detail
