// A stop token that tells when a wait has begun.
#pragma once

#include <atomic>
#include <cstdint>

#include "model.hpp"

namespace model {

// A token of which no stop is ever requested, and which tells that a wait has begun: its callback is made after the wait's first look.
class telltale {
 public:
  template <class F>
  struct callback_type {
    callback_type(const telltale& token, F) { token.begun_->store(1, std::memory_order_relaxed); }
  };

  explicit telltale(atomic<std::uint32_t>& begun) noexcept : begun_(&begun) {}
  bool stop_requested() const noexcept { return false; }

 private:
  atomic<std::uint32_t>* begun_;
};

}  // namespace model
