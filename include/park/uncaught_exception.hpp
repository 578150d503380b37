// What becomes of an exception that leaves the callable of a park::thread or park::timer: it is handed to the handler of the process,
// which reports it; then that thread ends, or the timer's service goes on, and the process does too.
//
// Model: threading.excepthook of Python and Thread.setDefaultUncaughtExceptionHandler of Java, in the manner of std::set_terminate. Not
//   std::terminate(), as of std::jthread: what the thread held has been given back by then, and the death of one thread is for the
//   program to judge. Who wants that all the same says so:
//
//   park::set_uncaught_exception_handler([](std::string_view, const std::exception_ptr&) { std::terminate(); });
//
// The unwinding of pthread_cancel() and pthread_exit() is no exception: it passes through, unreported.
// Where the library is compiled without exceptions nothing is caught, and an exception ends in std::terminate().
#pragma once

#include <exception>
#include <string_view>

#include "park/config.hpp"

namespace park {

// Called in the thread that the exception was thrown in, with that thread's name; possibly by several threads at once. What the
// handler itself throws ends in std::terminate().
using uncaught_exception_handler = void (*)(std::string_view thread, const std::exception_ptr& error);

// Returns the one before; null stands for the first, which prints one line to standard error:
//   park: uncaught exception in thread "reader": no such file
PARK_API uncaught_exception_handler set_uncaught_exception_handler(uncaught_exception_handler handler) noexcept;
[[nodiscard]] PARK_API uncaught_exception_handler get_uncaught_exception_handler() noexcept;

}  // namespace park
