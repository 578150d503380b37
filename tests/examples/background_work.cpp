// A daemon that would tick for ever does not hold up the end of the program; the letter that a detached thread writes is finished first.
#include <chrono>
#include <cstdio>
#include <park/event.hpp>
#include <park/thread.hpp>

int main() {
  using namespace std::chrono_literals;
  static constinit park::event never, written;

  park::thread ticker({.name = "ticker", .daemon = true}, [] {
    while (!never.wait_for(10ms)) std::printf("tick\n");
  });
  park::thread letter({.name = "letter"}, [] {
    std::printf("%s: Dear reader,\n", park::this_thread::name().c_str());
    written.set();
  });
  letter.detach();

  return ticker.is_daemon() && written.wait_for(10s) ? 0 : 1;
}
