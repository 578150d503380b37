#include "park/detail/forks.hpp"

#include <atomic>

#include "lot/fork.hpp"
#include "park/detail/lot_atomic.hpp"

namespace park::detail {
namespace {

constinit detail::lot_atomic<std::uint32_t> counted{0};

// relaxed: a child begins with one thread.
[[maybe_unused]] const bool forks_are_counted =
    (in_fork_child([] { counted.fetch_add(1, std::memory_order_relaxed); }), true);

}  // namespace

std::uint32_t forks() noexcept { return counted.load(std::memory_order_relaxed); }

}  // namespace park::detail
