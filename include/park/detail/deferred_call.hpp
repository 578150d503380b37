// A call that another thread is to make: decayed copies of a callable and its arguments, as std::thread keeps them.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "park/config.hpp"

namespace park::detail {

// What a thread runs once.
class work {
 public:
  virtual void run() = 0;

 protected:
  ~work() = default;
};

// Runs it, and hands what it throws to the handler of uncaught exceptions. Lets the unwinding of pthread_cancel() pass.
PARK_API void run_and_report(work& once, std::string_view thread);

template <class Function, class... Arguments>
class deferred_call {
 public:
  template <class F, class... As>
  explicit deferred_call(std::in_place_t, F&& function, As&&... arguments)
      : call_(std::in_place, std::forward<F>(function), std::forward<As>(arguments)...) {}

  // Makes the call, with `first` before the other arguments, and destroys the copies in the end, whether or not it throws. Once only.
  template <class... First>
  void run(First&&... first) {
    const dropping end{*this};
    std::apply(
        [&](Function& function, Arguments&... arguments) {
          std::invoke(std::move(function), std::forward<First>(first)..., std::move(arguments)...);
        },
        *call_);  // NOLINT(bugprone-unchecked-optional-access): it is called once
  }

  // Destroys the copies.
  void drop() noexcept { call_.reset(); }

 private:
  struct dropping {
    deferred_call& self;
    ~dropping() { self.drop(); }
  };

  std::optional<std::tuple<Function, Arguments...>> call_;
};

}  // namespace park::detail
