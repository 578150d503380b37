// Stands before the C library's syscall(), which the futex lot and libstdc++ call the futex by. The C library's own mutexes, and so the
// portable lot's, do not come this way, and are not counted.
#include <dlfcn.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstdarg>

#include "futex_calls.hpp"

namespace {

using function = long (*)(long, long, long, long, long, long, long);

std::atomic<std::uint64_t> calls{0};

// No static local: libc++abi's guard of one makes system calls through here.
constinit std::atomic<function> known{nullptr};

function real() noexcept {
  if (known == nullptr) known = reinterpret_cast<function>(dlsym(RTLD_NEXT, "syscall"));
  return known;
}

}  // namespace

extern "C" long syscall(long number, ...) noexcept {
  std::va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);  // more than were passed, as the C library does
  va_end(list);
  if (number == SYS_futex) calls.fetch_add(1, std::memory_order_relaxed);
  return real()(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

namespace soak {

std::uint64_t futex_calls() noexcept { return calls.load(std::memory_order_relaxed); }

}  // namespace soak
