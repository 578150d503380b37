// Random delays: between a thread's operations, and in a jittery lot between any two steps of one operation.
#pragma once

#include <chrono>
#include <thread>

#include "dice.hpp"
#include "park/arch/arch.hpp"

namespace soak {

// The dice of the running thread; null in threads that belong to no round.
inline thread_local dice* own_dice = nullptr;

inline void relax(unsigned times) {
  while (times-- > 0) park::arch::relax();
}

inline void sleep_below(dice& draw, unsigned microseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(draw.below(microseconds)));
}

// Between operations.
inline void pause(dice& draw) {
  const unsigned kind = draw.below(64);
  if (kind < 16) {
    relax(draw.below(300));
  } else if (kind < 24) {
    std::this_thread::yield();
  } else if (kind == 63 && draw.one_in(4)) {
    sleep_below(draw, 400);
  }
}

// Within one.
inline void falter() {
  if (own_dice == nullptr) return;
  const unsigned kind = own_dice->below(64);
  if (kind < 6) {
    relax(own_dice->below(100));
  } else if (kind < 8) {
    std::this_thread::yield();
  } else if (kind == 63 && own_dice->one_in(32)) {
    sleep_below(*own_dice, 100);
  }
}

}  // namespace soak
