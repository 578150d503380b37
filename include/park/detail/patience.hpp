// How long a thread that waits for a mutex or a semaphore puts up with others who come later and take it first.
#pragma once

#include <chrono>

#include "park/lot.hpp"

namespace park::detail {

// A template over the lot so that tests and the model checker, where no clock runs, put their own in its place.
template <parking_lot Lot>
class patience {
 public:
  // Over a millisecond after the wait began: some hundred times what a wake takes, and a tenth of what a person notices.
  bool over() const noexcept { return std::chrono::steady_clock::now() - began_ >= std::chrono::milliseconds(1); }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace park::detail
