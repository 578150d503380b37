// A call that another thread is to make: decayed copies of a callable and its arguments, as std::thread keeps them.
#pragma once

#include <cstddef>
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
    call(std::index_sequence_for<Arguments...>(), std::forward<First>(first)...);
  }

  // The same of a pointer to a member function, with `second` after the object.
  template <class Second>
  void run_on_object(Second&& second) {
    const dropping end{*this};
    call_on_object(std::make_index_sequence<sizeof...(Arguments) - 1>(), std::forward<Second>(second));
  }

  // Makes the call and keeps the copies for the next one: they are handed over as lvalues.
  template <class... First>
  void repeat(First&&... first) {
    call_again(std::index_sequence_for<Arguments...>(), std::forward<First>(first)...);
  }

  // Destroys the copies.
  void drop() noexcept { call_.reset(); }

 private:
  // Not by std::apply, nor, but for pointers to members, by std::invoke: they ask whether what they call may throw, of which compilers
  // warn where it is not said but could be.
  template <std::size_t... Index, class... First>
  void call(std::index_sequence<Index...>, First&&... first) {
    Function& function = std::get<0>(*call_);  // NOLINT(bugprone-unchecked-optional-access): it is called once
    if constexpr (std::is_member_pointer_v<Function>) {
      static_cast<void>(
          std::invoke(function, std::forward<First>(first)..., std::move(std::get<Index + 1>(*call_))...));
    } else {
      static_cast<void>(std::move(function)(std::forward<First>(first)..., std::move(std::get<Index + 1>(*call_))...));
    }
  }

  template <std::size_t... Index, class Second>
  void call_on_object(std::index_sequence<Index...>, Second&& second) {
    auto& all = *call_;  // NOLINT(bugprone-unchecked-optional-access): it is called once
    static_cast<void>(std::invoke(std::get<0>(all), std::move(std::get<1>(all)), std::forward<Second>(second),
                                  std::move(std::get<Index + 2>(all))...));
  }

  template <std::size_t... Index, class... First>
  void call_again(std::index_sequence<Index...>, First&&... first) {
    auto& all = *call_;  // NOLINT(bugprone-unchecked-optional-access): it is not called after drop()
    Function& function = std::get<0>(all);
    if constexpr (std::is_member_pointer_v<Function>) {
      static_cast<void>(std::invoke(function, std::forward<First>(first)..., std::get<Index + 1>(all)...));
    } else {
      static_cast<void>(function(std::forward<First>(first)..., std::get<Index + 1>(all)...));
    }
  }

  struct dropping {
    deferred_call& self;
    ~dropping() { self.drop(); }
  };

  std::optional<std::tuple<Function, Arguments...>> call_;
};

}  // namespace park::detail
