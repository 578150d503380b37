// No clock runs in the model: each look at it may find that a millisecond has passed, or not.
#pragma once

#include "model.hpp"
#include "park/detail/patience.hpp"

template <>
class park::detail::patience<model::lot> {
 public:
  bool over() const noexcept { return over_ || (over_ = model::choose(2) == 1); }

 private:
  mutable bool over_ = false;
};
