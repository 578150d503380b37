#include "meeting.hpp"

#include <park/latch.hpp>
#include <thread>

const char* meet() {
  park::latch both(2);
  std::thread other([&] { both.count_down(); });
  both.arrive_and_wait();
  other.join();
  return park::native_lot::name;
}
