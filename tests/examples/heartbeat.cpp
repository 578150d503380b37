// A heart that beats every 5 ms until it has done so three times, and a watchdog that barks where no sign of life puts it off in time: each beat
// does, and then none.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <park/latch.hpp>
#include <park/timer.hpp>

int main() {
  using namespace std::chrono_literals;
  park::latch barked(1);
  park::timer watchdog(1h, [&] { std::puts("the watchdog barks"), barked.count_down(); });

  std::uint64_t beats = 0, skipped_in_all = 0;
  park::timer heart = park::every({.own_thread = true, .name = "heart"}, 5ms, [&](std::uint64_t skipped) {
    std::puts("beat");
    skipped_in_all += skipped;  // where this machine had no time for some
    watchdog.restart(1h);
    if (++beats == 3) heart.cancel();
  });
  heart.wait();

  const bool put_off = watchdog.restart(20ms);  // true: it was pending
  barked.wait();
  std::printf("%d beats\n", static_cast<int>(beats));
  return beats == 3 && put_off && !heart.pending() ? 0 : 1;
}
