// park with a standard library that has no std::stop_token: everything else is there, and other token types are as good.
#include <chrono>

#include "park/park.hpp"
#include "support/mini_stop.hpp"

static_assert(PARK_HAS_STOP_TOKEN == 0);
static_assert(park::stoppable_token<support::mini_stop_source::token>);

int main() {
  support::mini_stop_source source;
  park::latch latch(1);
  park::counting_semaphore<> permits(0);
  park::barrier<> round(2);
  const auto arrival = round.arrive();
  source.request_stop();
  const bool never = latch.wait(source.get_token()) || permits.acquire(source.get_token()) ||
                     round.wait(arrival, source.get_token()) || latch.wait_for(std::chrono::seconds(0));
  park::thread other([] {});
  other.join();
  park::timer(std::chrono::seconds(0), [] {}).wait();
  return never ? 1 : 0;
}
