#include "park/detail/this_thread.hpp"

namespace park::detail {
namespace {

constinit thread_local char here = 0;

}  // namespace

std::uint64_t mark_of_this_thread() noexcept { return reinterpret_cast<std::uintptr_t>(&here); }

}  // namespace park::detail
