#include <windows.h>
// after it
#include <winternl.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/asleep.hpp"

namespace support {
namespace {

constexpr int waiting = 5;  // of KTHREAD_STATE; Wine says 0, of all threads

// All processes, one behind the other.
std::vector<std::byte> all_processes() {
  std::vector<std::byte> all(std::size_t{1} << 18);
  ULONG size = 0;
  while (NtQuerySystemInformation(SystemProcessInformation, all.data(), static_cast<ULONG>(all.size()), &size) < 0)
    all.resize(2 * all.size());
  return all;
}

int state_of(thread_id thread) {
  const std::vector<std::byte> all = all_processes();
  for (const std::byte* at = all.data();;) {
    const auto& process = *reinterpret_cast<const SYSTEM_PROCESS_INFORMATION*>(at);
    const auto* const threads = reinterpret_cast<const SYSTEM_THREAD_INFORMATION*>(&process + 1);
    for (ULONG index = 0; index < process.NumberOfThreads; ++index) {
      if (reinterpret_cast<std::uintptr_t>(threads[index].ClientId.UniqueThread) == static_cast<std::uintptr_t>(thread))
        return static_cast<int>(threads[index].ThreadState);
    }
    if (process.NextEntryOffset == 0) return -1;
    at += process.NextEntryOffset;
  }
}

}  // namespace

thread_id this_thread() { return static_cast<thread_id>(GetCurrentThreadId()); }

bool asleep(thread_id thread) { return state_of(thread) == waiting; }

bool sleep_is_known() { return state_of(this_thread()) > 0; }

}  // namespace support
