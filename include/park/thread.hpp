// park::thread: a thread with a name, which is asked to stop and joined at the end of its object's life; a daemon is left to itself.
//
//   park::thread reader({.name = "reader"}, [](std::stop_token stop) { while (!stop.stop_requested()) read_on(); });
//   park::thread janitor({.name = "janitor", .daemon = true}, sweep, every_minute);
//
// Model: std::jthread [thread.jthread.class], all of it, and threading.Thread of Python: names, daemons, what an exception does and
//   what the end of the process waits for. The timed and stop_token joins are ours; so it is that the name, the kind and the stop source
//   of a thread stay known after join() and detach().
// Exceptions: one that leaves the callable is reported with the thread's name, and ends this thread alone, as in Python and Java: see
//   park/uncaught_exception.hpp. The unwinding of pthread_cancel() and pthread_exit() passes through, and ends the thread as ever.
// Exit: the return of main(), and exit(), request a stop of each thread that still runs and is no daemon, detached ones too, and wait for
//   their ends: before anything of static storage is destroyed where the thread of main() exits, else when it is the turn of what
//   std::atexit() was told at the first start. But exit() in a thread that park has started waits for nobody, who might wait for it; nor do
//   quick_exit(), _Exit() and abort(). Daemons run on until the process is gone, so they have no business with objects of static storage.
// Ordering: the constructor synchronizes with the beginning of the callable, and the end of the thread, that of its thread_local objects
//   too, with each join of any kind that succeeds and with the wait at exit.
// Windows: the system ends daemons before a DLL hears of the exit. A DLL can wait for no thread at exit; what is said of it above holds where
//   park is linked to the program itself. With gcc for MinGW a thread counts as ended, for a timed join and for the wait at exit for a
//   detached one, before its thread_local objects are destroyed; that a join has returned still means that they are.
// Fork: in the child the threads of the parent are taken for ended; it may start its own.
// Cancellation: no join is a cancellation point of pthread_cancel.
// Signals: it begins with those blocked that are blocked where it is started, as one of std::thread does.
// Priority, affinity and the like are the system's business: its own calls take native_handle().
// Misuse: join() and detach() without a thread throw std::system_error (invalid_argument), join() in the thread itself
//   (resource_deadlock_would_occur). A thread whose object ends in the thread itself is detached: there is no other end to wait for.
//   Where the library is compiled without exceptions, what would throw ends in park::contract_violation.
// Cost: 16 bytes, one allocation for the thread and one for its std::stop_source. A join is one load where the thread has ended, beside
//   what the system does to give back its stack.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/detail/thread_record.hpp"
#include "park/native_lot.hpp"
#include "park/stop.hpp"

namespace park {

template <parking_lot Lot>
class basic_thread {
 public:
  using id = std::thread::id;
  using native_handle_type = std::thread::native_handle_type;

  // No thread.
  basic_thread() noexcept = default;

  // Runs function(arguments...) in a new thread, with a std::stop_token before the arguments where it can be called so, or after the object
  // where it is a member function that takes one. All are copied or moved there, and destroyed by it. Throws std::system_error where no
  // thread can be had, and what the copies throw; nothing is left then.
  template <class F, class... As>
    requires(!std::is_same_v<std::remove_cvref_t<F>, basic_thread> && detail::runs_in_a_thread<F, As...>)
  explicit basic_thread(F&& function, As&&... arguments)
      : basic_thread(thread_options(), std::forward<F>(function), std::forward<As>(arguments)...) {}

  // `Options` is never named; else a compiler may ask of each argument that comes second to another function whether it runs.
  template <class Options = thread_options, class F, class... As>
    requires std::convertible_to<Options, thread_options> && detail::runs_in_a_thread<F, As...>
  explicit basic_thread(Options options, F&& function, As&&... arguments) {
    using record = detail::thread_of<Lot, std::decay_t<F>, std::decay_t<As>...>;
    const std::size_t stack_size = options.stack_size;
    const holder made(new record(std::move(options), std::forward<F>(function), std::forward<As>(arguments)...));
    made.record->start(stack_size);
    record_ = made.record;
    record_->hold();
    joinable_ = true;
  }

  basic_thread(const basic_thread&) = delete;
  basic_thread& operator=(const basic_thread&) = delete;
  basic_thread(basic_thread&& other) noexcept { swap(other); }
  // The thread that this stood for ends as by the destructor.
  basic_thread& operator=(basic_thread&& other) noexcept {
    basic_thread(std::move(other)).swap(*this);
    return *this;
  }

  // Requests a stop and joins, where joinable; a daemon runs on.
  ~basic_thread() {
    if (joinable_) end();
    if (record_ != nullptr) record_->release();
  }

  void swap(basic_thread& other) noexcept {
    std::swap(record_, other.record_);
    std::swap(joinable_, other.joinable_);
  }
  friend void swap(basic_thread& one, basic_thread& other) noexcept { one.swap(other); }

  // It stands for a thread that has been neither joined nor detached.
  [[nodiscard]] bool joinable() const noexcept { return joinable_; }

  // Waits for the end of the thread.
  void join() {
    join_by([](auto& ended) { return ended.wait(), true; });
  }

  // True when joined, false on timeout, when it can be joined later. Zero or less does not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period>& timeout) {
    return join_by([&](auto& ended) { return ended.wait_for(timeout); });
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool join_until(const std::chrono::time_point<Clock, Duration>& time) {
    return join_by([&](auto& ended) { return ended.wait_until(time); });
  }

  // As their namesakes, and false once a stop is requested of `stop` (of the one who waits, not of the thread).
  template <stoppable_token Token>
  [[nodiscard]] bool join(Token stop) {
    return join_by([&](auto& ended) { return ended.wait(std::move(stop)); });
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool join_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return join_by([&](auto& ended) { return ended.wait_for(std::move(stop), timeout); });
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool join_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) {
    return join_by([&](auto& ended) { return ended.wait_until(std::move(stop), time); });
  }

  // The thread runs on by itself; where it is no daemon, the end of the process waits for it.
  void detach() {
    if (!joinable_) detail::throw_not_joinable();
    let_go();
  }

  // As std::this_thread::get_id() says in the thread; may wait for that to begin. Of no thread where not joinable.
  [[nodiscard]] id get_id() const noexcept { return joinable_ ? record_->id() : id(); }

  [[nodiscard]] native_handle_type native_handle() const noexcept {
    return joinable_ ? record_->native_handle() : native_handle_type();
  }

  // Empty and false where it never stood for a thread.
  [[nodiscard]] std::string name() const { return record_ != nullptr ? record_->name() : std::string(); }
  [[nodiscard]] bool is_daemon() const noexcept { return record_ != nullptr && record_->is_daemon(); }

  [[nodiscard]] static unsigned hardware_concurrency() noexcept { return std::thread::hardware_concurrency(); }

#if PARK_HAS_STOP_TOKEN
  [[nodiscard]] std::stop_source get_stop_source() const noexcept {
    void* const source = record_ != nullptr ? record_->stop_source() : nullptr;
    return source != nullptr ? *static_cast<std::stop_source*>(source) : std::stop_source(std::nostopstate);
  }
  [[nodiscard]] std::stop_token get_stop_token() const noexcept { return get_stop_source().get_token(); }
  bool request_stop() noexcept { return get_stop_source().request_stop(); }
#endif

 private:
  using thread_record = detail::basic_thread_record<Lot>;

  // Of a record, for the time that it takes to start.
  struct holder {
    explicit holder(thread_record* held) noexcept : record(held) {}
    holder(const holder&) = delete;
    holder& operator=(const holder&) = delete;
    ~holder() { record->release(); }

    thread_record* const record;
  };

  bool is_this_thread() const noexcept { return detail::thread_record::current() == record_; }

  template <class Wait>
  bool join_by(Wait wait) {
    if (!joinable_) detail::throw_not_joinable();
    if (is_this_thread()) detail::throw_joins_itself();
    if (record_->is_here()) {
      if (!wait(record_->ended())) return false;
      record_->reap();
    }
    joinable_ = false;
    return true;
  }

  void let_go() noexcept {
    if (record_->is_here()) record_->let_go();
    joinable_ = false;
  }

  void end() noexcept {
    if (is_daemon() || is_this_thread()) return let_go();
    record_->request_stop();
    if (record_->is_here()) {
      record_->ended().wait();
      record_->reap();
    }
    joinable_ = false;
  }

  thread_record* record_ = nullptr;
  bool joinable_ = false;
};

#define PARK_DECLARE_THREAD(lot) extern template class PARK_API basic_thread<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_THREAD)
#undef PARK_DECLARE_THREAD

// A class of its own, as its namesake is.
class thread : public basic_thread<native_lot> {
 public:
  using basic_thread<native_lot>::basic_thread;
};

namespace this_thread {

// The name of the calling thread: all of it where park has started the thread, else what the system calls it.
[[nodiscard]] PARK_API std::string name();

}  // namespace this_thread
}  // namespace park
