#include <pthread.h>
#include <signal.h>

#include "support/signals.hpp"

namespace support {

void handle_interruptions(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigaction(SIGUSR1, &action, nullptr);
}

void interrupt(std::thread::native_handle_type target) { pthread_kill(target, SIGUSR1); }

}  // namespace support
