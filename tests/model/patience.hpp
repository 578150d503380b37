// What the model has in place of a clock and of CPUs. No clock runs: each look at it may find that a millisecond has passed, or not.
#pragma once

#include "model.hpp"
#include "park/detail/patience.hpp"
#include "park/detail/wake_chains.hpp"

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

// Any number of threads may lead: none, one or two.
template <>
struct park::detail::wake_chains<model::lot> {
  static std::uint32_t most() noexcept { return model::choose(3); }
};
