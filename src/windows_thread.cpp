#include <process.h>

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>

#include "lot/last_error.hpp"
#include "lot/windows.hpp"
#include "native_thread.hpp"

namespace park::detail {
namespace {

static_assert(sizeof(native_thread) == sizeof(HANDLE));

HANDLE handle_of(native_thread thread) noexcept { return std::bit_cast<HANDLE>(thread); }

struct call {
  void* (*run)(void*);
  void* argument;
};

unsigned __stdcall run_call(void* made) noexcept {
  const call own = *static_cast<call*>(made);
  delete static_cast<call*>(made);
  own.run(own.argument);
  return 0;
}

}  // namespace

int start_native_thread(native_thread& made, std::size_t stack_size, void* (*run)(void*), void* argument) noexcept {
  if (stack_size > std::numeric_limits<unsigned>::max()) return EINVAL;
  std::unique_ptr<call> passed(new (std::nothrow) call{run, argument});
  if (passed == nullptr) return ENOMEM;
  const std::uintptr_t handle = ::_beginthreadex(nullptr, static_cast<unsigned>(stack_size), run_call, passed.get(),
                                                 stack_size == 0 ? 0 : STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (handle == 0) return errno;
  passed.release();
  made = std::bit_cast<native_thread>(handle);
  return 0;
}

void join_native_thread(native_thread thread) noexcept {
  const last_error kept;
  ::WaitForSingleObject(handle_of(thread), INFINITE);
  ::CloseHandle(handle_of(thread));
}

void detach_native_thread(native_thread thread) noexcept {
  const last_error kept;
  ::CloseHandle(handle_of(thread));
}

}  // namespace park::detail
