#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>

#include "lot/last_error.hpp"
#include "lot/windows.hpp"
#include "native_thread.hpp"

namespace park::detail {
namespace {

constexpr int room = 256;

// What the headers do not declare, or not all versions of Windows have.
template <class Function>
Function* look_up(const char* name) noexcept {
  for (const wchar_t* library : {L"kernel32.dll", L"kernelbase.dll", L"ntdll.dll"}) {
    const HMODULE loaded = ::GetModuleHandleW(library);
    if (loaded == nullptr) continue;
    if (const FARPROC found = ::GetProcAddress(loaded, name))
      return reinterpret_cast<Function*>(reinterpret_cast<void*>(found));
  }
  return nullptr;
}

// The thread that asked first, which is the one that loads the library: 0 until then.
constinit std::atomic<DWORD> main_thread{0};
[[maybe_unused]] const bool main_thread_has_asked = is_main_thread();

}  // namespace

void name_this_native_thread(std::string_view name) noexcept {
  const last_error kept;
  // Since Windows 10, version 1607.
  const auto set = look_up<HRESULT WINAPI(HANDLE, PCWSTR)>("SetThreadDescription");
  if (set == nullptr) return;
  wchar_t shown[room] = {};
  const std::string_view fitting = whole_characters(name, room - 1);
  ::MultiByteToWideChar(CP_UTF8, 0, fitting.data(), static_cast<int>(fitting.size()), shown, room - 1);
  set(::GetCurrentThread(), shown);
}

std::string name_of_this_native_thread() {
  const last_error kept;
  const auto get = look_up<HRESULT WINAPI(HANDLE, PWSTR*)>("GetThreadDescription");
  PWSTR shown = nullptr;
  if (get == nullptr || FAILED(get(::GetCurrentThread(), &shown)) || shown == nullptr) return {};
  const std::unique_ptr<wchar_t, decltype(&::LocalFree)> owner(shown, &::LocalFree);
  const int size = ::WideCharToMultiByte(CP_UTF8, 0, shown, -1, nullptr, 0, nullptr, nullptr);
  std::string name(static_cast<std::size_t>(std::max(size, 1)) - 1, '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, shown, -1, name.data(), size - 1, nullptr, nullptr);
  return name;
}

// relaxed: nothing but the number itself.
bool is_main_thread() noexcept {
  DWORD main = 0;
  const DWORD self = ::GetCurrentThreadId();
  return main_thread.compare_exchange_strong(main, self, std::memory_order_relaxed) || main == self;
}

bool others_are_gone() noexcept {
  const last_error kept;
  const auto exits = look_up<BOOLEAN NTAPI()>("RtlDllShutdownInProgress");
  return exits != nullptr && exits() != 0;
}

}  // namespace park::detail
