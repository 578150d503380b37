#include "objects.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "park/thread.hpp"

namespace static_life {
namespace {

#define PARK_TESTS_OBJECTS(lot) constinit objects<park::lot> objects_of_##lot;
PARK_FOR_EACH_LOT(PARK_TESTS_OBJECTS)
#undef PARK_TESTS_OBJECTS

template <class Lot>
void use(objects<Lot>& all, when now) {
  using namespace std::chrono_literals;
  if (all.pong.try_acquire_for(1ms) || all.done[now].wait_for(1ms)) std::abort();
  park::basic_thread<Lot> other([&] {
    all.ping.acquire();
    all.round.arrive_and_wait();
    all.pong.release();
    all.done[now].count_down();
  });
  all.ping.release();
  all.round.arrive_and_wait();
  all.pong.acquire();
  all.done[now].wait();
  other.join();
  std::printf("%s, %s lot\n", names[now], Lot::name);
}

}  // namespace

void use(when now) noexcept {
#define PARK_TESTS_USE(lot) use(objects_of_##lot, now);
  PARK_FOR_EACH_LOT(PARK_TESTS_USE)
#undef PARK_TESTS_USE
}

}  // namespace static_life
