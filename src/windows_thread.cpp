#include <process.h>

#include <bit>
#include <cerrno>
#include <cstdint>
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

int start_native_thread(native_thread& made, void* (*run)(void*), void* argument) noexcept {
  std::unique_ptr<call> passed(new (std::nothrow) call{run, argument});
  if (passed == nullptr) return ENOMEM;
  const std::uintptr_t handle = ::_beginthreadex(nullptr, 0, run_call, passed.get(), 0, nullptr);
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
