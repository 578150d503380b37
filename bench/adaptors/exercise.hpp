// exercise<Adaptor>(): whether an implementation keeps what it promises, before anybody measures how fast it does it.
// Throws std::runtime_error where it does not.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

#include "adaptors/adaptor.hpp"
#include "adaptors/event_gate.hpp"
#include "adaptors/monitor_latch.hpp"
#include "adaptors/monitor_semaphore.hpp"

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

// What is not atomic is counted right, by those who lock and by those who try; nobody takes it twice.
template <class Mutex>
void exercise_mutex(unsigned threads, unsigned rounds) {
  Mutex mutex;
  std::uint64_t counter = 0;
  in_threads(threads, [&](unsigned index) {
    for (unsigned round = 0; round < rounds; ++round) {
      if (round % 7 != index || !mutex.try_lock()) mutex.lock();
      ++counter;
      mutex.unlock();
    }
  });
  if (counter != std::uint64_t{threads} * rounds) throw std::runtime_error("mutex: mutual exclusion is broken");
  mutex.lock();
  bool taken = false;
  in_threads(1, [&](unsigned) { taken = mutex.try_lock(); });
  if (taken) throw std::runtime_error("mutex: it was locked twice");
  mutex.unlock();
}

// Half of the threads push, half pop; what is popped is what was pushed, and each thread's items come in its order.
template <class Queue>
void exercise_queue(unsigned pairs, unsigned rounds) {
  Queue queue(2);
  std::vector<std::atomic<std::uint64_t>> sums(pairs);
  std::atomic<unsigned> overtaken{0};
  in_threads(2 * pairs, [&](unsigned index) {
    const unsigned half = index / 2;
    if (index % 2 == 0) {
      for (unsigned round = 0; round < rounds; ++round) queue.push(std::uint64_t{round} * pairs + half);
    } else {
      std::vector<std::uint64_t> next(pairs, 0);
      for (unsigned round = 0; round < rounds; ++round) {
        const std::uint64_t item = queue.pop(), from = item % pairs, number = item / pairs;
        overtaken += number < next[from];
        next[from] = number + 1;
        sums[from] += number;
      }
    }
  });
  if (overtaken > 0) throw std::runtime_error("queue: an item overtook another of the same thread");
  for (const auto& sum : sums) {
    if (sum != std::uint64_t{rounds} * (rounds - 1) / 2) throw std::runtime_error("queue: items were lost or doubled");
  }
}

// One rings, once and not before its time; one that was cancelled does not.
template <class Timer>
void exercise_timer() {
  using namespace std::chrono_literals;
  std::atomic<unsigned> rung{0}, never{0};
  const auto start = std::chrono::steady_clock::now();
  Timer cancelled(1h, alarm{&never}), soon(2ms, alarm{&rung});
  while (rung == 0) std::this_thread::yield();
  if (std::chrono::steady_clock::now() - start < 2ms) throw std::runtime_error("timer: it rang too early");
  if (soon.cancel()) throw std::runtime_error("timer: it was cancelled once it had rung");
  if (!cancelled.cancel() || cancelled.cancel()) throw std::runtime_error("timer: it was not cancelled once");
  if (rung != 1 || never != 0) throw std::runtime_error("timer: it rang twice, or once it had been cancelled");
}

// As any mutex, and free again once it has been unlocked as often as it was locked, not before.
template <class Mutex>
void exercise_recursive_mutex(unsigned threads, unsigned rounds) {
  exercise_mutex<Mutex>(threads, rounds);
  Mutex mutex;
  constexpr unsigned depth = 3;
  for (unsigned level = 0; level < depth; ++level) mutex.lock();
  if (!mutex.try_lock()) throw std::runtime_error("recursive mutex: its owner could not lock it again");
  for (unsigned level = 0; level <= depth; ++level) {
    bool taken = false;
    in_threads(1, [&](unsigned) { taken = mutex.try_lock(); });
    if (taken) throw std::runtime_error("recursive mutex: it was free before its owner had unlocked it as often");
    mutex.unlock();
  }
  bool taken = false;
  in_threads(1, [&](unsigned) {
    taken = mutex.try_lock();
    if (taken) mutex.unlock();
  });
  if (!taken) throw std::runtime_error("recursive mutex: its owner has unlocked it as often, and it is not free");
}

// As any semaphore, and refuses a permit too many.
template <class Semaphore>
void exercise_bounded_semaphore(unsigned threads, unsigned rounds) {
  exercise_semaphore<Semaphore>(threads, threads / 2, rounds);
  Semaphore semaphore(1);
  bool refused = false;
  try {
    semaphore.release();
  } catch (const std::logic_error&) {
    refused = true;
  }
  if (!refused) throw std::runtime_error("bounded semaphore: a release above its bound");
  if (!semaphore.try_acquire()) throw std::runtime_error("bounded semaphore: a refused release took a permit");
  if (semaphore.try_acquire()) throw std::runtime_error("bounded semaphore: a refused release left a permit");
}

// As any latch, and again, but not before its count is zero.
template <class Latch>
void exercise_countdown_latch(unsigned threads, unsigned rounds) {
  exercise_latch<Latch>(1, threads - 1, rounds);
  exercise_latch<Latch>(threads - 1, 1, rounds);
  Latch latch(1);
  for (unsigned round = 0; round < rounds; ++round) {
    if (latch.try_set_count(2)) throw std::runtime_error("countdown latch: a round began before the last was over");
    std::atomic<bool> over = false, early = false;
    in_threads(2, [&](unsigned index) {
      if (index == 0) {
        over = true;
        latch.count_down();
      } else {
        latch.wait();
        early = !over;
      }
    });
    if (early) throw std::runtime_error("countdown latch: a wait returned too early");
    if (!latch.try_set_count(1)) throw std::runtime_error("countdown latch: no round began at zero");
  }
}

// Each has run once it has been joined.
template <class Thread>
void exercise_thread(unsigned rounds) {
  std::atomic<unsigned> rung{0};
  for (unsigned round = 1; round <= rounds; ++round) {
    Thread thread(alarm{&rung});
    thread.join();
    if (rung != round) throw std::runtime_error("thread: it has been joined, and has not run once");
  }
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
  if constexpr (has_mutex<Adaptor>) exercise_mutex<typename Adaptor::mutex>(threads, rounds);
  if constexpr (has_monitor<Adaptor>) {
    exercise_semaphore<monitor_semaphore<typename Adaptor::monitor>>(threads, threads / 2, rounds);
    exercise_latch<monitor_latch<typename Adaptor::monitor>>(threads - 1, 1, rounds / 20);
  }
  if constexpr (has_event<Adaptor>) exercise_latch<event_gate<typename Adaptor::event>>(threads - 1, 1, rounds / 20);
  if constexpr (has_queue<Adaptor>) exercise_queue<typename Adaptor::queue>(threads / 2, rounds);
  if constexpr (has_timer<Adaptor>) exercise_timer<typename Adaptor::timer>();
  if constexpr (has_barrier<Adaptor>) exercise_barrier<typename Adaptor::barrier>(threads, rounds / 4);
  if constexpr (has_recursive_mutex<Adaptor>) {
    exercise_recursive_mutex<typename Adaptor::recursive_mutex>(threads, rounds);
  }
  if constexpr (has_bounded_semaphore<Adaptor>) {
    exercise_bounded_semaphore<typename Adaptor::bounded_semaphore>(threads, rounds);
  }
  if constexpr (has_countdown_latch<Adaptor>) {
    exercise_countdown_latch<typename Adaptor::countdown_latch>(threads, rounds / 20);
  }
  if constexpr (has_cyclic_barrier<Adaptor>) exercise_barrier<typename Adaptor::cyclic_barrier>(threads, rounds / 4);
  if constexpr (has_thread<Adaptor>) exercise_thread<typename Adaptor::thread>(rounds / 20);
}

}  // namespace bench
