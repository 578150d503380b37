// Every way to wait, drawn.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <utility>

#include "round.hpp"

namespace soak {

using std::chrono::steady_clock;
using std::chrono::system_clock;

template <class Types, class Latch>
void wait_somehow(const Latch& latch, hand& mine) {
  if constexpr (Types::extended) {
    switch (mine.draw.below(6)) {
      case 0:
        while (!latch.wait_for(mine.patience())) {
        }
        return;
      case 1:
        while (!latch.wait_until(system_clock::now() + mine.patience())) {
        }
        return;
      case 2:
        while (!latch.wait(mine.stop_token())) {
        }
        return;
      case 3:
        while (!latch.wait_for(mine.stop_token(), mine.patience())) {
        }
        return;
      default:
        break;
    }
  }
  latch.wait();
}

// Stands still, and tells when a wait has begun: that looks at its clock once it has found that it has to wait.
struct telling_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<telling_clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    if (std::atomic<int>* const count = std::exchange(begun, nullptr)) ++*count;
    return time_point();
  }

  static inline thread_local std::atomic<int>* begun = nullptr;
};

// Counts itself in `begun` once the wait has begun, so that whatever ends waits from then on must end this one.
template <class Latch>
void wait_and_tell(const Latch& latch, std::atomic<int>& begun) {
  telling_clock::begun = &begun;
  static_cast<void>(latch.wait_until(telling_clock::time_point(std::chrono::hours(1))));
}

template <class Types, class Barrier>
void wait_somehow(Barrier& barrier, typename Barrier::arrival_token token, hand& mine) {
  if constexpr (Types::extended) {
    switch (mine.draw.below(6)) {
      case 0:
        while (!barrier.wait_for(token, mine.patience())) {
        }
        return;
      case 1:
        while (!barrier.wait_until(token, system_clock::now() + mine.patience())) {
        }
        return;
      case 2:
        while (!barrier.wait(token, mine.stop_token())) {
        }
        return;
      case 3:
        while (!barrier.wait_for(token, mine.stop_token(), mine.patience())) {
        }
        return;
      default:
        break;
    }
  }
  barrier.wait(std::move(token));
}

// Takes up to `most` permits at once; returns how many, 0 for none.
template <class Types, class Semaphore>
int take_somehow(Semaphore& permits, hand& mine, int most) {
  const auto n = [&, many = mine.draw.between(1, most)](bool taken) { return taken ? many : 0; };
  [[maybe_unused]] const std::ptrdiff_t many = n(true);
  switch (mine.draw.below(Types::extended ? 12 : 5)) {
    case 0:
    case 1:
      return permits.acquire(), 1;
    case 2:
      return permits.try_acquire() ? 1 : 0;
    case 3:
      return permits.try_acquire_for(mine.patience()) ? 1 : 0;
    case 4:
      return permits.try_acquire_until(system_clock::now() + mine.patience()) ? 1 : 0;
    default:
      break;
  }
  if constexpr (Types::extended) {
    switch (mine.draw.below(6)) {
      case 0:
        return permits.acquire(many), n(true);
      case 1:
        return n(permits.try_acquire(many));
      case 2:
        return n(permits.try_acquire_for(many, mine.patience()));
      case 3:
        return n(permits.acquire(many, mine.stop_token()));
      case 4:
        return n(permits.try_acquire_for(many, mine.stop_token(), mine.patience()));
      default:
        return n(permits.try_acquire_until(many, mine.stop_token(), steady_clock::now() + mine.patience()));
    }
  }
  return 0;
}

// Takes all of `count` permits, which will come, in some way.
template <class Types, class Semaphore>
void take_all(Semaphore& permits, hand& mine, int count) {
  while (count > 0) count -= take_somehow<Types>(permits, mine, count);
}

}  // namespace soak
