// No clock runs in the model: each look at it may find that a millisecond has passed, or not.
#pragma once

#include "model.hpp"
#include "park/detail/patience.hpp"

namespace model {

// Set by a scenario in which that never happens.
inline bool nobody_starves = false;

}  // namespace model

template <>
class park::detail::patience<model::lot> {
 public:
  bool over() const noexcept { return !model::nobody_starves && (over_ || (over_ = model::choose(2) == 1)); }

 private:
  mutable bool over_ = false;
};

template <>
class park::detail::patience<model::lot_without_pairs> : public patience<model::lot> {};
