#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <utility>
#include <vector>

#include "support/system_calls.hpp"

namespace support {
namespace {

sock_filter statement(int code, std::size_t value) {
  return {static_cast<unsigned short>(code), 0, 0, static_cast<unsigned>(value)};
}

sock_filter load(std::size_t offset) { return statement(BPF_LD | BPF_W | BPF_ABS, offset); }
sock_filter end_with(unsigned action) { return statement(BPF_RET | BPF_K, action); }

// Skips `skipped` instructions unless the loaded value is this one.
sock_filter unless(long value, unsigned char skipped) {
  return {BPF_JMP | BPF_JEQ | BPF_K, 0, skipped, static_cast<unsigned>(value)};
}
// Skips `skipped` instructions if it is.
sock_filter when(long value, unsigned char skipped) {
  return {BPF_JMP | BPF_JEQ | BPF_K, skipped, 0, static_cast<unsigned>(value)};
}

// The call that takes a 64-bit time, where there are two.
#if defined(SYS_futex_time64)
constexpr long timed_futex = SYS_futex_time64;
#else
constexpr long timed_futex = SYS_futex;
#endif

// By which files are opened: glibc's open() makes the one, musl's the other, where there is one.
#if defined(SYS_open)
constexpr long other_open = SYS_open;
#else
constexpr long other_open = SYS_openat;
#endif

constexpr std::size_t call_number = offsetof(seccomp_data, nr);
// The less significant half of the second argument, a futex call's operation.
constexpr std::size_t futex_operation =
    offsetof(seccomp_data, args) + sizeof(std::uint64_t) + (std::endian::native == std::endian::big ? 4 : 0);

std::vector<sock_filter> on_futex_operation(int operation, int error, unsigned on_any_other) {
  return {load(call_number),      when(SYS_futex, 1),
          unless(timed_futex, 4), load(futex_operation),
          unless(operation, 1),   end_with(SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
          end_with(on_any_other), end_with(SECCOMP_RET_ALLOW)};
}

// For the calling thread, and those that it starts.
void install(std::vector<sock_filter> filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) return;
  std::perror("prctl(PR_SET_SECCOMP)");
  leave(1);
}

}  // namespace

bool filters_system_calls() { return prctl(PR_GET_SECCOMP) >= 0; }

ended without_system_calls(const std::function<void()>& body) {
  return in_child([&] {
    install({load(call_number), unless(SYS_exit_group, 1), end_with(SECCOMP_RET_ALLOW),
             end_with(SECCOMP_RET_KILL_PROCESS)});
    body();
    syscall(SYS_exit_group,
            0);  // not leave(0): before a call that does not return, AddressSanitizer makes calls of its own
  });
}

ended without_opening_files(const std::function<void()>& body) {
  return in_child([&] {
    install({load(call_number), when(SYS_openat, 1), unless(other_open, 1), end_with(SECCOMP_RET_KILL_PROCESS),
             end_with(SECCOMP_RET_ALLOW)});
    body();
    leave(0);
  });
}

bool atomics_make_no_system_calls() {
  static const bool none = without_system_calls([] {
                             static std::atomic<std::uint64_t> word{0};
                             for (int round = 0; round < 1'000'000; ++round) {
                               std::uint64_t seen = word.fetch_add(1, std::memory_order_release);
                               word.compare_exchange_strong(seen, 0, std::memory_order_acquire);
                             }
                           }).signal == 0;
  return none;
}

ended with_futex_operation(int operation, int error, const std::function<void()>& body) {
  return in_child([&] {
    install(on_futex_operation(operation, error, SECCOMP_RET_KILL_PROCESS));
    body();
    leave(0);
  });
}

ended with_no_futex_operations_but(std::initializer_list<int> operations, const std::function<void()>& body) {
  return in_child([&] {
    std::vector<sock_filter> filter = {load(call_number), when(SYS_futex, 2), when(timed_futex, 1),
                                       end_with(SECCOMP_RET_ALLOW), load(futex_operation)};
    for (const int operation : operations) {
      filter.push_back(unless(operation, 1));
      filter.push_back(end_with(SECCOMP_RET_ALLOW));
    }
    filter.push_back(end_with(SECCOMP_RET_KILL_PROCESS));
    install(std::move(filter));
    body();
    leave(0);
  });
}

void refuse_futex_operation(int operation, int error) {
  install(on_futex_operation(operation, error, SECCOMP_RET_ALLOW));
}

}  // namespace support
