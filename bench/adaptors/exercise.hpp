// exercise<Adaptor>(): whether an implementation keeps what it promises, before anybody measures how fast it does it.
// Throws std::runtime_error where it does not.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

#include "adaptors/adaptor.hpp"

namespace bench {

template <class Work>
void in_threads(unsigned count, Work work) {
  std::vector<std::thread> threads;
  for (unsigned index = 0; index < count; ++index) threads.emplace_back([&work, index] { work(index); });
  for (std::thread& thread : threads) thread.join();
}

// No more than `permits` threads are inside at once, nobody is lost, and all permits are there in the end.
template <class Semaphore>
void exercise_semaphore(unsigned threads, unsigned permits, unsigned rounds) {
  Semaphore semaphore(static_cast<std::ptrdiff_t>(permits));
  std::atomic<unsigned> inside{0}, most{0}, passed{0};
  in_threads(threads, [&](unsigned index) {
    for (unsigned round = 0; round < rounds; ++round) {
      if (round % 7 != index || !semaphore.try_acquire()) semaphore.acquire();
      const unsigned now = inside.fetch_add(1) + 1;
      for (unsigned seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) continue;
      if (round % 16 == index) std::this_thread::yield();
      inside.fetch_sub(1);
      passed.fetch_add(1);
      semaphore.release();
    }
  });
  if (most > permits) throw std::runtime_error("semaphore: more threads inside than permits");
  if (passed != threads * rounds) throw std::runtime_error("semaphore: a round was lost");
  for (unsigned taken = 0; taken < permits; ++taken) {
    if (!semaphore.try_acquire()) throw std::runtime_error("semaphore: a permit was lost");
  }
  if (semaphore.try_acquire()) throw std::runtime_error("semaphore: a permit too many");
}

// What is not atomic, and guarded by one permit, is counted right.
template <class Semaphore>
void exercise_mutual_exclusion(unsigned threads, unsigned rounds) {
  Semaphore semaphore(1);
  std::uint64_t counter = 0;
  in_threads(threads, [&](unsigned) {
    for (unsigned round = 0; round < rounds; ++round) {
      semaphore.acquire();
      ++counter;
      semaphore.release();
    }
  });
  if (counter != std::uint64_t{threads} * rounds) throw std::runtime_error("semaphore: mutual exclusion is broken");
}

// No waiter returns before the last has counted down, and then each of them sees what was written before.
template <class Latch>
void exercise_latch(unsigned waiters, unsigned counters, unsigned rounds) {
  for (unsigned round = 0; round < rounds; ++round) {
    Latch latch(static_cast<std::ptrdiff_t>(counters));
    std::vector<unsigned> written(counters, 0);
    std::atomic<unsigned> missed{0};
    in_threads(waiters + counters, [&](unsigned index) {
      if (index < counters) {
        if (round % 2 == 0) std::this_thread::yield();
        written[index] = round + 1;
        latch.count_down();
      } else {
        latch.wait();
        for (const unsigned value : written) missed += value != round + 1;
      }
    });
    if (missed > 0) throw std::runtime_error("latch: a wait returned too early");
  }
}

// Nobody leaves a phase in which another has not arrived.
template <class Barrier>
void exercise_barrier(unsigned parties, unsigned phases) {
  Barrier barrier(static_cast<std::ptrdiff_t>(parties));
  std::vector<unsigned> arrived(parties, 0);
  std::atomic<unsigned> missed{0};
  in_threads(parties, [&](unsigned index) {
    for (unsigned phase = 1; phase <= phases; ++phase) {
      arrived[index] = phase;
      barrier.arrive_and_wait();
      for (const unsigned of_another : arrived) missed += of_another != phase;
      barrier.arrive_and_wait();  // until all have looked
    }
  });
  if (missed > 0) throw std::runtime_error("barrier: a thread left before all had arrived");
}

template <class Adaptor>
void exercise() {
  // Threads that never sleep are given a CPU each, where there are two.
  constexpr unsigned threads = sleeps<Adaptor>() ? 6 : 2, rounds = sleeps<Adaptor>() ? 2000 : 200;
  if constexpr (has_semaphore<Adaptor>) {
    exercise_semaphore<typename Adaptor::semaphore>(threads, threads / 2, rounds);
    exercise_semaphore<typename Adaptor::semaphore>(threads, 1, rounds);
    exercise_mutual_exclusion<typename Adaptor::semaphore>(threads, rounds);
  }
  if constexpr (has_latch<Adaptor>) exercise_latch<typename Adaptor::latch>(1, threads - 1, rounds / 20);
  if constexpr (has_gate<Adaptor>) exercise_latch<typename gate<Adaptor>::type>(threads - 1, 1, rounds / 20);
  if constexpr (has_barrier<Adaptor>) exercise_barrier<typename Adaptor::barrier>(threads, rounds / 4);
}

}  // namespace bench
