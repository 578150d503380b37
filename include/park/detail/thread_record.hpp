// What a thread, the object that stands for it and the end of the process share; it lives until the last of them has let go.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/detail/deferred_call.hpp"
#include "park/detail/forks.hpp"
#include "park/detail/lot_atomic.hpp"
#include "park/detail/shared_count.hpp"
#include "park/latch.hpp"
#include "park/native_lot.hpp"
#include "park/stop.hpp"

namespace park {

// Of a new thread.
struct thread_options {
  // Empty: "thread-" and a number. The system shows the first bytes of it, on Linux 15, whole characters of UTF-8.
  std::string name = {};  // NOLINT(readability-redundant-member-init): else compilers warn of {.daemon = true}
  // Does not hold up the end of the process, and is not joined by the end of its object.
  bool daemon = false;
  // In bytes; 0: as much as the system gives, on Linux by `ulimit -s`. One that the system finds too small, or cannot give, is refused with
  // std::system_error; Windows rounds up what is too small, macOS takes whole pages alone. What the system keeps there for itself,
  // thread_local objects too, is part of it.
  std::size_t stack_size = 0;
};

namespace detail {

// What does not depend on the lot. Nothing in it depends on whether the standard library has std::stop_token: libpark and a program may
// be told otherwise.
class PARK_API thread_record : public work {
 public:
  thread_record(const thread_record&) = delete;
  thread_record& operator=(const thread_record&) = delete;

  // That of the calling thread, if park has started it.
  static thread_record* current() noexcept;

  const std::string& name() const noexcept { return name_; }
  bool is_daemon() const noexcept { return daemon_; }

  // False in the child of a fork, for a thread of the parent.
  bool is_here() const noexcept { return forks_ == forks(); }

  // The thread runs from now on, on a stack of so many bytes, or 0. Throws std::system_error where the system has none to give; nothing is
  // left of it then.
  void start(std::size_t stack_size);

  // Of a thread that is here: the system gives back what it holds of it, now that it has ended or when it will have. reap() waits for what
  // little the system does after the last destructor. Only the first of all these calls does anything: an object, and the exit, may
  // both join.
  void reap() noexcept;
  void let_go() noexcept;
  std::thread::native_handle_type native_handle() const noexcept { return native_; }

  void hold() noexcept { holders_.hold(); }
  void release() noexcept {
    if (holders_.release()) delete this;
  }

  virtual void wait_for_end() noexcept = 0;
  virtual void request_stop() noexcept = 0;
  // Its std::stop_source, or null.
  virtual void* stop_source() noexcept = 0;

 protected:
  explicit thread_record(thread_options&& options);
  virtual ~thread_record();

 private:
  friend class thread_registry;
  friend class running;

  // In the thread, before run() and after the destructors of its thread_local objects.
  virtual void begin() noexcept = 0;
  virtual void end() noexcept = 0;

  const std::string name_;
  const bool daemon_;
  const std::uint32_t forks_;  // those before it was made
  shared_count<native_lot> holders_;
  lot_atomic<bool> given_back_{true};  // false from start() to the first reap() or let_go()
  std::thread::native_handle_type native_{};
  thread_record *previous_ = nullptr, *next_ = nullptr;  // guarded by the registry's mutex, as is the next
  bool asked_to_stop_ = false;
};

template <parking_lot Lot>
class basic_thread_record : public thread_record {
 public:
  const basic_latch<Lot>& ended() const noexcept { return ended_; }

  // Waits for the thread to begin.
  std::thread::id id() const noexcept {
    if (!is_here()) return {};
    begun_.wait();
    return id_;
  }

 protected:
  using thread_record::thread_record;
  ~basic_thread_record() override = default;

 private:
  void begin() noexcept override {
    id_ = std::this_thread::get_id();
    begun_.count_down();
  }
  void end() noexcept override { ended_.count_down(); }
  void wait_for_end() noexcept override { ended_.wait(); }

  std::thread::id id_ = {};  // NOLINT(readability-redundant-member-init): else -Weffc++ warns, as below
  basic_latch<Lot> begun_{1}, ended_{1};
};

// How a thread calls its function, decayed as its arguments are: with a stop token before them where that can be, as std::jthread has it;
// a member function that takes one has it after the object, as with libstdc++; else without. Each is asked only where those before it
// cannot be: the body of a generic function with a deduced result, which is compiled to be asked, may be good for one of them alone.
#if PARK_HAS_STOP_TOKEN
template <class Function, class... Arguments>
concept takes_token_first = std::is_invocable_v<Function, std::stop_token, Arguments...>;

template <class Function, class... Arguments>
inline constexpr bool takes_token_on_object = false;
template <class Function, class Object, class... Arguments>
inline constexpr bool takes_token_on_object<Function, Object, Arguments...> =
    std::is_member_function_pointer_v<Function> && std::is_invocable_v<Function, Object, std::stop_token, Arguments...>;

template <class Function, class... Arguments>
concept runs_decayed = takes_token_first<Function, Arguments...> || takes_token_on_object<Function, Arguments...> ||
                       std::is_invocable_v<Function, Arguments...>;
#else
template <class Function, class... Arguments>
concept runs_decayed = std::is_invocable_v<Function, Arguments...>;
#endif

template <class Function, class... Arguments>
concept runs_in_a_thread = runs_decayed<std::decay_t<Function>, std::decay_t<Arguments>...>;

template <parking_lot Lot, class Function, class... Arguments>
class thread_of final : public basic_thread_record<Lot> {
 public:
  template <class F, class... As>
  explicit thread_of(thread_options&& options, F&& function, As&&... arguments)
      : basic_thread_record<Lot>(std::move(options)),
        call_(std::in_place, std::forward<F>(function), std::forward<As>(arguments)...) {}
  ~thread_of() override = default;

 private:
#if PARK_HAS_STOP_TOKEN
  void run() override {
    if constexpr (takes_token_first<Function, Arguments...>) {
      call_.run(source_.get_token());
    } else if constexpr (takes_token_on_object<Function, Arguments...>) {
      call_.run_on_object(source_.get_token());
    } else {
      call_.run();
    }
  }
  void request_stop() noexcept override { source_.request_stop(); }
  void* stop_source() noexcept override { return &source_; }

  std::stop_source source_{};  // NOLINT(readability-redundant-member-init)
#else
  void run() override { call_.run(); }
  void request_stop() noexcept override {}
  void* stop_source() noexcept override { return nullptr; }
#endif
  deferred_call<Function, Arguments...> call_;
};

[[noreturn]] PARK_API void throw_not_joinable();
[[noreturn]] PARK_API void throw_joins_itself();

}  // namespace detail
}  // namespace park
