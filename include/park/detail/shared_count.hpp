// How many hold an object that ends with the last of them; who makes it is the first.
#pragma once

#include <atomic>
#include <cstdint>

#include "park/lot.hpp"

namespace park::detail {

template <parking_lot Lot>
class shared_count {
 public:
  void hold() noexcept { holders_.fetch_add(1, std::memory_order_relaxed); }  // relaxed: only a holder makes another

  // True where the caller, who holds it, is the only one. Nobody can hold it anew then, and the caller may destroy it without more.
  [[nodiscard]] bool is_only_one() const noexcept {
    return holders_.load(std::memory_order_acquire) == 1;  // acquire: as in release(), of what the others did
  }

  // True for the last, who then destroys the object.
  [[nodiscard]] bool release() noexcept {
    // release, acquire: what every holder did with the object comes before its end
    return holders_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

 private:
  typename Lot::template atomic<std::uint32_t> holders_{1};
};

}  // namespace park::detail
