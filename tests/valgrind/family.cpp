// What helgrind and DRD make of all of park: plain data, guarded by each of the types in each of the lots. With `race` there is one more
// variable, that nothing guards.
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "park/park.hpp"

namespace {

using namespace std::chrono_literals;

constexpr int threads = 3, rounds = 20;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "family: %s\n", what);
  std::exit(1);
}

// Runs work(index) in `count` threads.
template <class Work>
void run(int count, Work work) {
  std::vector<std::thread> crew;
  crew.reserve(static_cast<std::size_t>(count));
  for (int index = 0; index < count; ++index) crew.emplace_back(work, index);
  for (std::thread& each : crew) each.join();
}

template <class Lot>
void latches() {
  std::array<int, threads> results{};
  park::basic_latch<Lot> done(threads);
  park::basic_countdown_latch<Lot> counted(threads);
  run(threads + 2, [&](int index) {
    if (index < threads) {
      ++results[static_cast<std::size_t>(index)];
      counted.count_down();
      done.count_down();
    } else if (index == threads) {
      done.wait();
      for (const int result : results) require(result == 1, "a latch");
    } else {
      require(counted.wait_for(1h), "a countdown_latch");
      for (const int result : results) require(result == 1, "a countdown_latch");
    }
  });
}

template <class Lot>
void barriers() {
  std::array<int, threads> values{};
  int turns = 0;
  const auto turn = [&turns]() noexcept { ++turns; };
  park::basic_barrier<decltype(turn), Lot> meeting(threads, turn);
  park::basic_cyclic_barrier<std::function<void()>, Lot> another(threads, [&turns] { ++turns; });
  run(threads, [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      ++values[static_cast<std::size_t>(index)];
      meeting.arrive_and_wait();
      for (const int value : values) require(value == round + 1, "a barrier");
      another.wait();
    }
  });
  require(turns == 2 * rounds, "the barriers' completions");
}

template <class Lot>
void events() {
  int value = 0;
  park::basic_event<Lot> ready, answered;
  run(2, [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      if (index == 0) {
        ++value;
        ready.set();
        answered.wait();
        answered.clear();
      } else {
        require(ready.wait_for(1h), "an event");
        ready.clear();
        ++value;
        answered.set();
      }
    }
  });
  require(value == 2 * rounds, "an event");
}

template <class Mutex>
void locks() {
  Mutex mutex;
  int value = 0;
  run(threads, [&](int) {
    for (int round = 0; round < rounds; ++round) {
      const std::lock_guard hold(mutex);
      ++value;
    }
    while (!mutex.try_lock_for(1ms)) {
    }
    ++value;
    mutex.unlock();
  });
  require(value == threads * (rounds + 1), "a mutex");
}

template <class Semaphore>
void permits() {
  Semaphore one(1);
  int value = 0;
  run(threads, [&](int) {
    for (int round = 0; round < rounds; ++round) {
      one.acquire();
      ++value;
      one.release();
    }
    while (!one.try_acquire_for(1ms)) {
    }
    ++value;
    one.release();
  });
  require(value == threads * (rounds + 1), "a semaphore");
}

template <class Lot>
void conditions() {
  park::basic_mutex<Lot> mutex;
  park::basic_condition_variable<Lot> changed;
  int turn = 0;
  run(threads, [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      std::unique_lock hold(mutex);
      changed.wait(hold, [&] { return turn % threads == index; });
      ++turn;
      round % 2 == 0 ? changed.notify_all() : (hold.unlock(), changed.notify_all());
    }
  });
  require(turn == threads * rounds, "a condition_variable");
}

struct wary {
  explicit wary(int number) : box(std::make_unique<int>(number)) {}
  wary(wary&& other) noexcept(false) : box(std::move(other.box)) {}
  std::unique_ptr<int> box;
};
int value_of(const std::unique_ptr<int>& item) { return *item; }
int value_of(const wary& item) { return *item.box; }

template <class Item, class Lot, class Make>
void queues(Make make) {
  park::basic_bounded_queue<Item, Lot> queue(2);
  std::array<int, threads> sums{};
  run(threads + 1, [&](int index) {
    if (index < threads) {
      while (const auto item = queue.pop()) {
        sums[static_cast<std::size_t>(index)] += value_of(*item);
        queue.task_done();
      }
      return;
    }
    int total = 0;
    for (int round = 1; round <= rounds; ++round) {
      total += round;
      require(queue.push(make(round)), "an open queue");
      if (round % 5 != 0) continue;
      queue.wait_done();
      int sum = 0;
      for (const int each : sums) sum += each;
      require(sum == total, "a bounded_queue");
    }
    queue.close();
  });
}

template <class Lot>
void all_over_a_lot() {
  latches<Lot>();
  barriers<Lot>();
  events<Lot>();
  locks<park::basic_mutex<Lot>>();
  locks<park::basic_recursive_mutex<Lot>>();
  permits<park::basic_counting_semaphore<1, Lot>>();
  permits<park::basic_counting_semaphore<PTRDIFF_MAX, Lot>>();
  permits<park::basic_bounded_semaphore<Lot>>();
  conditions<Lot>();
  queues<std::unique_ptr<int>, Lot>([](int number) { return std::make_unique<int>(number); });
  queues<wary, Lot>([](int number) { return wary(number); });
}

#if PARK_HAS_STOP_TOKEN
void stops() {
  park::event never;
  int before = 0;
  std::stop_source source;
  std::thread other([&] {
    require(!never.wait(source.get_token()), "a stop");
    require(before == 1, "a stop");
  });
  before = 1;
  source.request_stop();
  other.join();
}
#endif

void threads_and_timers() {
  int value = 0;
  {
    park::thread worker([&value] { ++value; });
    worker.join();
    ++value;
  }
  park::event ran;
  park::timer soon(1ms, [&] {
    ++value;
    ran.set();
  });
  ran.wait();
  ++value;
  park::timer never(1h, [&] { ++value; });
  require(never.cancel(), "a timer");
  require(value == 4, "threads and timers");
}

// The control.
void race() {
  const auto value = std::make_unique<int>(0);
  run(2, [&value](int) {
    for (int round = 0; round < rounds; ++round) ++*value;
  });
  require(*value > 0, "a race");
}

}  // namespace

int main(int count, char** arguments) {
#define PARK_TESTS_ALL(lot) all_over_a_lot<park::lot>();
  PARK_FOR_EACH_LOT(PARK_TESTS_ALL)
#if PARK_HAS_STOP_TOKEN
  stops();
#endif
  threads_and_timers();
  if (count > 1 && std::strcmp(arguments[1], "race") == 0) race();
  return 0;
}
