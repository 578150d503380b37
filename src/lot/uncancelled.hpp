// Keeps pthread_cancel away from a call that is none of the cancellation points that park promises not to be. One body per platform,
// chosen by CMake.
#pragma once

namespace park::detail {

// While it lives, a cancellation of the calling thread stays pending: what it calls in the meantime may be a cancellation point, where
// the unwinding would meet noexcept and end the program. Async-signal-safe.
class uncancelled {
 public:
  uncancelled() noexcept;
  uncancelled(const uncancelled&) = delete;
  uncancelled& operator=(const uncancelled&) = delete;
  ~uncancelled();

 private:
  [[maybe_unused]] int before_;
};

}  // namespace park::detail
