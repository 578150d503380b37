// What the scenarios of a counting_semaphore stand on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model.hpp"
#include "park/semaphore.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace model {

inline constexpr const char* visible = "what came before is visible";

// Whether its word has a count of those who wait.
template <class Semaphore>
inline constexpr bool is_narrow = false;

template <std::ptrdiff_t Max, class Lot>
inline constexpr bool is_narrow<park::basic_counting_semaphore<Max, Lot>> =
    park::has_lock_free_pairs<Lot> && Max <= park::detail::narrow_permits<Lot>::max;

// A semaphore and what must hold of it once all threads have returned.
template <class Semaphore>
class permits_scenario : public scenario {
 protected:
  static constexpr bool narrow = is_narrow<Semaphore>;

  // Who waits may starve in random searches; in others, of which there are too many schedules then, where the scenario says so.
  enum class starving { at_random, always, never };
  explicit permits_scenario(std::ptrdiff_t desired, starving when = starving::at_random) : permits_(desired) {
    nobody_starves = when == starving::never || (when == starving::at_random && !searched_at_random());
  }

  ~permits_scenario() override { nobody_starves = false; }

  // So many permits are left, and nobody is believed to wait: a release wakes nobody. (Wide permits may try once in vain.)
  void expect(std::ptrdiff_t left) {
    if (narrow) {
      // Its word is its first member, and all of it but the permits is about those who wait.
      const auto word = reinterpret_cast<const atomic<std::uint64_t>&>(*permits_).load(std::memory_order_relaxed);
      check(word == static_cast<std::uint64_t>(permits_->available()), "nobody who waited has left a trace");
    }
    check(permits_->available() == left && permits_->try_acquire(left), "no permit is lost");
    if (!narrow) permits_->release(), check(permits_->try_acquire(), "what was released is there");
    const unsigned calls = lot::unpark_calls();
    permits_->release();
    check(lot::unpark_calls() == calls, "nobody who waited has left a trace");
  }

  mortal<Semaphore> permits_;
};

enum class pace { one_by_one, at_once };
enum class ending { served, gives_up };
enum class limit { time, stop, either };

// Takes n permits, or none once the limit has come.
template <limit Limit, class Semaphore>
bool take_in_time(Semaphore& permits, std::ptrdiff_t n, stop_source& source) {
  if constexpr (Limit == limit::time) {
    return permits.try_acquire_until(n, some_time());
  } else if constexpr (Limit == limit::stop) {
    return permits.acquire(n, source.get_token());
  } else {
    return permits.try_acquire_until(n, source.get_token(), some_time());
  }
}

}  // namespace model
