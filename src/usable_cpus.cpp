#include <algorithm>
#include <atomic>

#include "known_cpus.hpp"
#include "lot/cpus.hpp"
#include "park/backoff.hpp"
#include "park/detail/lot_atomic.hpp"

namespace park {
namespace {

// The mask of the process, not of a thread that pins itself later; 0 until it has been read, while the program's static
// objects are made. Atomic, since threads of theirs may ask meanwhile; relaxed throughout: a number that publishes
// nothing.
constinit detail::lot_atomic<unsigned> affinity_at_start{0};
[[maybe_unused]] const bool read_at_start =
    (affinity_at_start.store(detail::affinity_cpus(), std::memory_order_relaxed), true);

unsigned affinity() noexcept {
  const unsigned cpus = affinity_at_start.load(std::memory_order_relaxed);
  return cpus != 0 ? cpus : detail::affinity_cpus();
}

// 0 until they have been counted. relaxed throughout: a number that publishes nothing. Not a static local, whose lock a
// child of fork() may find held for ever: threads that come here together all count, and find the same.
constinit detail::lot_atomic<unsigned> counted{0};

unsigned count() noexcept {
  const double quota = detail::cgroup_quota_cpus().value_or(affinity());
  return std::max(1u, std::min(affinity(), static_cast<unsigned>(quota)));
}

}  // namespace

unsigned usable_cpus() noexcept {
  if (counted.load(std::memory_order_relaxed) == 0) counted.store(count(), std::memory_order_relaxed);
  return counted.load(std::memory_order_relaxed);
}

unsigned detail::known_cpus() noexcept {
  const unsigned cpus = counted.load(std::memory_order_relaxed);
  return cpus != 0 ? cpus : affinity();
}

}  // namespace park
