// Interruptions of a thread under test: real signals, at which its system calls fail (EINTR). Where a system has none, nothing happens.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace support {

// posix_signals.cpp, windows_signals.cpp

// Handles interruptions (SIGUSR1) with `handler`, without SA_RESTART: the interrupted call fails.
void handle_interruptions(void (*handler)(int));

void interrupt(std::thread::native_handle_type target);

// Interrupts threads again and again, until the end of the storm's life. They must not be joined before.
class signal_storm {
 public:
  using handle = std::thread::native_handle_type;

  explicit signal_storm(std::vector<handle> targets) {
    handle_interruptions([](int) {});
    thread_ = std::thread([this, targets = std::move(targets)] {
      while (!over_) {
        for (const handle target : targets) interrupt(target);
        ++signals_;
        std::this_thread::sleep_for(std::chrono::microseconds(50));  // a pace, not a synchronization
      }
    });
  }
  explicit signal_storm(handle target) : signal_storm(std::vector<handle>{target}) {}
  signal_storm(const signal_storm&) = delete;
  signal_storm& operator=(const signal_storm&) = delete;
  ~signal_storm() {
    over_ = true;
    thread_.join();
  }

  // How many each thread has been sent.
  int signals() const { return signals_; }

 private:
  std::atomic<bool> over_{false};
  std::atomic<int> signals_{0};
  std::thread thread_;
};

}  // namespace support
