// Real signals at a thread under test, whose system calls they interrupt (EINTR).
#pragma once

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace support {

// Handles SIGUSR1 with `handler`, without SA_RESTART: the interrupted call fails.
inline void handle_interruptions(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigaction(SIGUSR1, &action, nullptr);
}

// Interrupts threads again and again, until the end of the storm's life. They must not be joined before.
class signal_storm {
 public:
  explicit signal_storm(std::vector<pthread_t> targets) {
    handle_interruptions([](int) {});
    thread_ = std::thread([this, targets = std::move(targets)] {
      while (!over_) {
        for (const pthread_t target : targets) pthread_kill(target, SIGUSR1);
        ++signals_;
        std::this_thread::sleep_for(std::chrono::microseconds(50));  // a pace, not a synchronization
      }
    });
  }
  explicit signal_storm(pthread_t target) : signal_storm(std::vector<pthread_t>{target}) {}
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
