#include "park/thread.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <system_error>

#include "lot/fork.hpp"
#include "native_thread.hpp"
#include "park/contract.hpp"
#include "park/detail/lot_atomic.hpp"
#include "thread_registry.hpp"

namespace park {
namespace detail {
namespace {

constinit thread_registry at_work;
constinit thread_local thread_record* current_record = nullptr;
constinit thread_local bool made_by_park = false;

[[maybe_unused]] const bool fork_is_handled = (in_fork_child([] { ::new (&at_work) thread_registry; }), true);

[[noreturn]] void refuse(std::errc error, const char* what) {
#if PARK_HAS_EXCEPTIONS
  throw std::system_error(std::make_error_code(error), what);
#else
  static_cast<void>(error);
  contract_violation(what);
#endif
}

// See "Exit" in park/thread.hpp. The child of a fork may be the copy of a thread of park's, and is a main thread.
void wait_at_exit() noexcept {
  if ((!made_by_park || is_main_thread()) && !others_are_gone()) at_work.stop_and_wait_for_all();
}

// The destructors of the thread_local objects of the thread that exits come before those of all static objects.
struct end_of_main {
  end_of_main() noexcept = default;
  end_of_main(const end_of_main&) = delete;
  end_of_main& operator=(const end_of_main&) = delete;
  ~end_of_main() { wait_at_exit(); }
};

// Local, here and below: those of a namespace are made all at once in each thread that uses one of them.
void arm_in_main_thread() noexcept {
  if (!is_main_thread()) return;
  thread_local const end_of_main here;
  static_cast<void>(here);
}
[[maybe_unused]] const bool main_thread_is_armed = (arm_in_main_thread(), true);

// For a program that exits elsewhere.
void wait_at_every_exit() noexcept {
  static constinit lot_atomic<bool> told{false};
  arm_in_main_thread();
  if (!told.exchange(true, std::memory_order_relaxed)) std::atexit([] { wait_at_exit(); });
}

std::string next_name() {
  static constinit lot_atomic<std::uint64_t> last{0};
  const unsigned long long number = last.fetch_add(1, std::memory_order_relaxed) + 1;
  char name[32];
  std::snprintf(name, sizeof name, "thread-%llu",
                number);  // libstdc++'s std::to_string has a table, which libpark would export
  return name;
}

}  // namespace

// The first thread_local object of a thread that is made, so the last to be destroyed; a local one where that would touch what is gone.
class running {
 public:
  explicit running(thread_record& record) noexcept : record_(record) {}
  running(const running&) = delete;
  running& operator=(const running&) = delete;
  ~running() {
    if (!record_.is_daemon() && record_.is_here()) at_work.remove(record_);
    current_record = nullptr;
    record_.end();
    record_.release();
  }

  static void* run(void* record);
  static void* run_here(thread_record& mine);

 private:
  thread_record& record_;
};

void* running::run(void* record) {
  auto& mine = *static_cast<thread_record*>(record);
#if defined(PARK_THREAD_LOCAL_IS_GONE_EARLY)
  const running until_the_return(mine);
#else
  thread_local const running until_the_last_destructor(mine);
#endif
  return run_here(mine);
}

void* running::run_here(thread_record& mine) {
  current_record = &mine;
  made_by_park = true;
  name_this_native_thread(mine.name());
  mine.begin();
  run_and_report(mine, mine.name());
  return nullptr;
}

thread_record::thread_record(thread_options&& options)
    : name_(options.name.empty() ? next_name() : std::move(options.name)), daemon_(options.daemon), forks_(forks()) {}

thread_record::~thread_record() = default;

thread_record* thread_record::current() noexcept { return current_record; }

void thread_record::start(std::size_t stack_size) {
  if (!daemon_) {
    wait_at_every_exit();
    at_work.add(*this);  // before it runs, so that no exit misses it
  }
  hold();  // the thread does
  const int error = start_native_thread(native_, stack_size, &running::run, this);
  if (error == 0) return given_back_.store(false, std::memory_order_release);  // publishes native_ to an exit
  if (!daemon_) at_work.remove(*this);
  end();  // for an exit that waits already
  release();
  refuse(static_cast<std::errc>(error), stack_size == 0
                                            ? "thread: the system has no thread to give"
                                            : "thread: the system has no thread to give with this stack_size");
}

// acquire: pairs with the release in start()
void thread_record::reap() noexcept {
  if (!given_back_.exchange(true, std::memory_order_acquire)) join_native_thread(native_);
}

void thread_record::let_go() noexcept {
  if (!given_back_.exchange(true, std::memory_order_acquire)) detach_native_thread(native_);
}

void throw_not_joinable() {
  refuse(std::errc::invalid_argument,
         "thread::join(), detach(): there is no thread, or it has been joined or detached");
}

void throw_joins_itself() { refuse(std::errc::resource_deadlock_would_occur, "thread::join(): a thread joins itself"); }

}  // namespace detail

std::string this_thread::name() {
  const detail::thread_record* const mine = detail::thread_record::current();
  return mine != nullptr ? mine->name() : detail::name_of_this_native_thread();
}

#define PARK_DEFINE_THREAD(lot) template class basic_thread<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_THREAD)

}  // namespace park
