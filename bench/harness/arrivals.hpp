// arrivals: since when each thread has been waiting for a mutex, and who that came later has taken it first.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/isolated.hpp"

namespace bench {

class arrivals {
 public:
  // What befell one wait. Times are in the caller's unit, since the arrival.
  struct wait {
    std::uint64_t length = 0;
    std::uint64_t behind = 0;          // until the last overtaking; 0 where there was none
    std::uint64_t overtakes = 0;       // by threads that arrived later
    std::uint64_t late_overtakes = 0;  // of these, once it had waited for longer than the patience
  };

  arrivals(unsigned threads, std::uint64_t patience) : patience_(patience), places_(threads) {}

  // Before the lock. `now` is not 0.
  void arrive(unsigned index, std::uint64_t now) noexcept {
    places_[index]->arrived.store(now, std::memory_order_relaxed);  // relaxed: nothing else is read by it
  }

  // By the thread that holds the mutex, which guards all but `arrived`.
  wait take(unsigned index, std::uint64_t now) noexcept {
    place& own = *places_[index];
    const std::uint64_t arrived = own.arrived.load(std::memory_order_relaxed);
    own.arrived.store(0, std::memory_order_relaxed);
    for (isolated<place>& other : places_) {
      const std::uint64_t earlier = other->arrived.load(std::memory_order_relaxed);
      if (earlier != 0 && earlier < arrived) overtake(*other, now - earlier);
    }
    wait found = std::exchange(own.found, {});
    found.length = now > arrived ? now - arrived : 0;
    return found;
  }

 private:
  struct place {
    std::atomic<std::uint64_t> arrived{0};  // 0: does not wait
    wait found;
  };

  void overtake(place& whom, std::uint64_t after) const noexcept {
    ++whom.found.overtakes;
    whom.found.late_overtakes += after > patience_;
    whom.found.behind = after;
  }

  const std::uint64_t patience_;
  std::vector<isolated<place>> places_;
};

}  // namespace bench
