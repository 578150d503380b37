// What parkbench calibrate tries the gate on: real work of park's types in a plain binary of Google Benchmark's, which a spin makes slower by
// as much as is wanted. PARKBENCH_SPIN="mutex=12 queue=40" spins so many turns in each iteration of these benchmarks.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "park/bounded_queue.hpp"
#include "park/mutex.hpp"
#include "park/native_lot.hpp"
#include "park/semaphore.hpp"

namespace {

// Of its own, so that all of a type is compiled here, from the headers that a mutant has changed.
struct lot : park::native_lot {};

using mutex_type = park::basic_mutex<lot>;
using semaphore_type = park::basic_counting_semaphore<1000, lot>;
using queue_type = park::basic_bounded_queue<std::uint64_t, lot>;

constexpr int operations = 1000;  // of an iteration, so that a spin of some turns is a small share
constexpr int messages = 20;

void spin(std::int64_t turns) {
  for (std::int64_t turn = 0; turn < turns; ++turn) benchmark::DoNotOptimize(turn);
}

std::int64_t turns_of(const std::string& benchmark) {
  const char* wanted = std::getenv("PARKBENCH_SPIN");
  std::istringstream words(wanted ? wanted : "");
  for (std::string word; words >> word;) {
    if (word.starts_with(benchmark + "=")) return std::stoll(word.substr(benchmark.size() + 1));
  }
  return 0;
}

void spin_alone(benchmark::State& state) {
  for (auto _ : state) spin(100000);
}

void mutex(benchmark::State& state) {
  const std::int64_t turns = turns_of("mutex");
  mutex_type mutex;
  benchmark::DoNotOptimize(&mutex);
  for (auto _ : state) {
    for (int operation = 0; operation < operations; ++operation) {
      mutex.lock();
      benchmark::ClobberMemory();
      mutex.unlock();
    }
    spin(turns);
  }
}

void semaphore(benchmark::State& state) {
  const std::int64_t turns = turns_of("semaphore");
  semaphore_type semaphore(0);
  benchmark::DoNotOptimize(&semaphore);
  for (auto _ : state) {
    for (int operation = 0; operation < operations; ++operation) {
      semaphore.release();
      semaphore.acquire();
    }
    spin(turns);
  }
}

void queue(benchmark::State& state) {
  const std::int64_t turns = turns_of("queue");
  queue_type queue(64);
  benchmark::DoNotOptimize(&queue);
  for (auto _ : state) {
    for (int operation = 0; operation < operations; ++operation) {
      queue.push(static_cast<std::uint64_t>(operation));
      benchmark::DoNotOptimize(queue.pop());
    }
    spin(turns);
  }
}

// Two threads send a message to and fro.
void hand_off(benchmark::State& state) {
  const std::int64_t turns = turns_of("hand_off");
  semaphore_type ping(0), pong(0);
  bool over = false;
  std::thread other([&] {
    for (ping.acquire(); !over; ping.acquire()) pong.release();
  });
  for (auto _ : state) {
    for (int message = 0; message < messages; ++message) {
      ping.release();
      pong.acquire();
    }
    spin(turns);
  }
  over = true;  // published by the release
  ping.release();
  other.join();
}

// Many threads, most of them asleep, and one permit.
void crowd(benchmark::State& state) {
  static semaphore_type permit(1);
  for (auto _ : state) {
    permit.acquire();
    spin(300);
    permit.release();
  }
}

// One thread pushes what another pops.
void pipe(benchmark::State& state) {
  static queue_type queue(64);
  if (state.thread_index() == 0) {
    for (auto _ : state) queue.push(1);
  } else {
    for (auto _ : state) benchmark::DoNotOptimize(queue.pop());
  }
}

BENCHMARK(spin_alone);
BENCHMARK(mutex);
BENCHMARK(semaphore);
BENCHMARK(queue);
BENCHMARK(hand_off)->UseRealTime();
BENCHMARK(crowd)->Threads(8)->UseRealTime();
BENCHMARK(pipe)->Threads(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
