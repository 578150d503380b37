// Waiting for another thread in a test: by looking, never by sleeping for a while. The watchdog ends what never comes.
#pragma once

#include <thread>

namespace support {

template <class Condition>
void eventually(Condition condition) {
  while (!condition()) std::this_thread::yield();
}

}  // namespace support
