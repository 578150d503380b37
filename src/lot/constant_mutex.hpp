// A mutex that serves before any code of the program has run: std::mutex, but on Windows, where it is not everywhere made at compile time.
#pragma once

#if defined(_WIN32)
#include "lot/windows.hpp"

namespace park::detail {

class constant_mutex {
 public:
  constexpr constant_mutex() noexcept = default;
  constant_mutex(const constant_mutex&) = delete;
  constant_mutex& operator=(const constant_mutex&) = delete;

  void lock() noexcept { ::AcquireSRWLockExclusive(&lock_); }
  void unlock() noexcept { ::ReleaseSRWLockExclusive(&lock_); }

 private:
  SRWLOCK lock_{};  // SRWLOCK_INIT
};

}  // namespace park::detail
#else
#include <mutex>

namespace park::detail {

using constant_mutex = std::mutex;

}  // namespace park::detail
#endif
