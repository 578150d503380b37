// A thread of the model is known by its index.
#pragma once

#include <cstdint>

#include "model.hpp"
#include "park/detail/this_thread.hpp"

template <>
class park::detail::this_thread<model::lot> {
 public:
  static std::uint64_t mark() noexcept { return model::running_thread() + 1; }
};
