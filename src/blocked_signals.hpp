// Which signals the threads that park starts for itself take: none that is meant for the program. Bodies per platform, chosen by CMake.
#pragma once

namespace park::detail {

// posix_signals.cpp, portable_signals.cpp

// Blocks, in the calling thread, all signals but those that a fault of the thread raises.
void block_signals() noexcept;

// Blocked while it lives: a thread that is started meanwhile begins so, and has no moment in which it takes one.
class blocked_signals {
 public:
  blocked_signals() noexcept;
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;
  ~blocked_signals();  // NOLINT(performance-trivially-destructible): where there are signals it is not

 private:
  alignas(8) unsigned char before_[128];  // room for a sigset_t, which this header does not know
};

}  // namespace park::detail
