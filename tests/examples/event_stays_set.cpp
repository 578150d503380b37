// An event is sticky: one set lets three waits pass, until it is cleared.
#include <chrono>
#include <cstdio>
#include <park/event.hpp>
#include <park/thread.hpp>

int main() {
  using namespace std::chrono_literals;
  park::event ready;
  int passed = 0;
  park::thread waiter([&] {
    for (; passed < 3; ++passed) ready.wait();
  });
  ready.set();
  waiter.join();
  ready.clear();
  const bool shut = !ready.wait_for(1ms);
  std::printf("passed %d times, then %s\n", passed, shut ? "shut" : "still open");
  return passed == 3 && shut ? 0 : 1;
}
