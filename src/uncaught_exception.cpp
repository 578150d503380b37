#include "park/uncaught_exception.hpp"

#include <atomic>
#include <cstdio>

#include "lot/uncancelled.hpp"
#include "park/detail/deferred_call.hpp"
#include "park/detail/lot_atomic.hpp"

namespace park {
namespace {

void print(std::string_view thread, const char* what) noexcept {
  const detail::uncancelled guard;  // a write is a cancellation point
  std::fprintf(stderr, "park: uncaught exception in thread \"%.*s\": %s\n", static_cast<int>(thread.size()),
               thread.data(), what);
  std::fflush(stderr);
}

#if PARK_HAS_EXCEPTIONS
void report(std::string_view thread, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    print(thread, known.what());
  } catch (...) {
    print(thread, "not a std::exception");
  }
}

constinit detail::lot_atomic<uncaught_exception_handler> current{&report};

void hand_over(std::string_view thread, const std::exception_ptr& error) noexcept {
  get_uncaught_exception_handler()(thread, error);
}
#else
void report(std::string_view thread, const std::exception_ptr&) {
  print(thread, "of a kind that this libpark cannot name");
}

constinit detail::lot_atomic<uncaught_exception_handler> current{&report};
#endif

}  // namespace

// acq_rel, acquire: what the program prepared for its handler is visible to it.
uncaught_exception_handler set_uncaught_exception_handler(uncaught_exception_handler handler) noexcept {
  return current.exchange(handler != nullptr ? handler : &report, std::memory_order_acq_rel);
}

uncaught_exception_handler get_uncaught_exception_handler() noexcept { return current.load(std::memory_order_acquire); }

void detail::run_and_report(work& once, std::string_view thread) {
#if PARK_HAS_EXCEPTIONS
  try {
    once.run();
  } catch (...) {
    const std::exception_ptr error = std::current_exception();
    if (error == nullptr) throw;  // no exception of C++: the unwinding of pthread_cancel(), which must not stop here
    hand_over(thread, error);
  }
#else
  static_cast<void>(thread);
  once.run();
#endif
}

}  // namespace park
