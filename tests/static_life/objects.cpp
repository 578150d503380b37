#include "objects.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <type_traits>

#include "park/thread.hpp"
#include "park/timer.hpp"

namespace static_life {
namespace {

using namespace std::chrono_literals;

#define PARK_TESTS_OBJECTS(lot)                                        \
  static_assert(std::is_trivially_destructible_v<objects<park::lot>>); \
  constinit objects<park::lot> objects_of_##lot;
PARK_FOR_EACH_LOT(PARK_TESTS_OBJECTS)
#undef PARK_TESTS_OBJECTS

void require(bool holds) {
  if (!holds) std::abort();
}

template <class Lot>
void use_the_first_three(objects<Lot>& all, when now) {
  require(!all.pong.try_acquire_for(1ms) && !all.done[now].wait_for(1ms));
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
}

// Of the thread that answers.
template <class Lot>
void answer(objects<Lot>& all, mortal_objects<Lot>& more) {
  all.started.wait();
  all.steps.count_down();
  all.meeting.wait();
  const std::lock_guard outer(all.nested);
  {
    const std::lock_guard inner(all.nested);
    const std::lock_guard hold(all.access);
    more.written = true;
  }
  more.changed.notify_one();
  for (int item = 0; item < 3; ++item) more.queue.push(item);  // more than it holds
  all.seat.release();
}

template <class Lot>
void use_the_others(objects<Lot>& all, mortal_objects<Lot>& more) {
  require(!all.started.wait_for(1ms) && all.steps.try_set_count(1) && !all.steps.wait_for(1ms));
  all.seat.acquire();
  park::basic_thread<Lot> other([&] { answer(all, more); });
  all.started.set();
  all.steps.wait();
  all.meeting.wait();
  {
    std::unique_lock lock(all.access);
    more.changed.wait(lock, [&] { return more.written; });
    more.written = false;
  }
  for (int item = 0; item < 3; ++item) require(more.queue.pop() == item);
  all.seat.acquire();
  all.seat.release();
  all.nested.lock();
  all.nested.unlock();
  other.join();
  all.started.clear();
}

template <class Lot>
void use_timers() {
  int runs = 0;
  park::basic_timer<Lot> never(1h, [&] { runs += 2; }), soon(1ms, [&] { ++runs; });
  soon.wait();
  require(never.cancel() && runs == 1);
}

// Objects of a thread, which other threads use as well.
template <class Lot>
void use_those_of_a_thread() {
  park::basic_thread<Lot>([] {
    static thread_local constinit objects<Lot> own;
    static thread_local mortal_objects<Lot> more;
    use_the_others(own, more);
  }).join();
}

template <class Lot>
void use(objects<Lot>& all, when now) {
  static mortal_objects<Lot> more;
  use_the_first_three(all, now);
  use_the_others(all, more);
  use_those_of_a_thread<Lot>();
  use_timers<Lot>();
  std::printf("%s, %s lot\n", names[now], Lot::name);
}

}  // namespace

void use(when now) noexcept {
#define PARK_TESTS_USE(lot) use(objects_of_##lot, now);
  PARK_FOR_EACH_LOT(PARK_TESTS_USE)
#undef PARK_TESTS_USE
}

}  // namespace static_life
