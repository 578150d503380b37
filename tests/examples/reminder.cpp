// A timer that says hi, and one that is cancelled before it would say bye.
#include <chrono>
#include <cstdio>
#include <park/timer.hpp>

int main() {
  using namespace std::chrono_literals;
  bool said_hi = false, said_bye = false;

  const park::timer hi(50ms, [&] { std::puts("hi"), said_hi = true; });
  park::timer bye(1h, [&] { std::puts("bye"), said_bye = true; });

  const bool cancelled = bye.cancel();  // before it ran: it never will
  hi.wait();
  std::printf("said hi, %s\n", cancelled && !bye.pending() ? "and bye was cancelled" : "and then bye");
  return said_hi && cancelled && !said_bye ? 0 : 1;
}
