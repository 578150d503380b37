// The step of a barrier that has none: takes no space, and need not be called.
#pragma once

namespace park::detail {

struct no_completion {
  void operator()() const noexcept {}
};

}  // namespace park::detail
