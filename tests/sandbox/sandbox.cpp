#include "sandbox/sandbox.hpp"

#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <new>

namespace sandbox {
namespace {

constexpr int ended_by_the_filter = 100;

// What the child leaves behind for its parent.
struct refusal {
  volatile long number;
  volatile std::uint32_t operation;
};
refusal* last_refusal = nullptr;

class shared_refusal {
 public:
  shared_refusal()
      : memory_(mmap(nullptr, sizeof(refusal), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    last_refusal = ::new (memory_) refusal{-1, 0};
  }
  shared_refusal(const shared_refusal&) = delete;
  shared_refusal& operator=(const shared_refusal&) = delete;
  ~shared_refusal() { munmap(memory_, sizeof(refusal)); }

 private:
  void* const memory_;
};

sock_filter statement(int code, std::size_t value) {
  return {static_cast<unsigned short>(code), 0, 0, static_cast<unsigned>(value)};
}
sock_filter load(std::size_t offset) { return statement(BPF_LD | BPF_W | BPF_ABS, offset); }
sock_filter end_with(unsigned action) { return statement(BPF_RET | BPF_K, action); }
// Skips `skipped` instructions unless the loaded value is this one.
sock_filter unless(long value, unsigned char skipped) {
  return {BPF_JMP | BPF_JEQ | BPF_K, 0, skipped, static_cast<unsigned>(value)};
}

constexpr std::size_t call_number = offsetof(seccomp_data, nr);
// The less significant half of an argument.
std::size_t argument(int index) {
  return offsetof(seccomp_data, args) + sizeof(std::uint64_t) * static_cast<std::size_t>(index) +
         (std::endian::native == std::endian::big ? 4 : 0);
}

// The operations that a report tells apart.
struct reported_call {
  std::vector<long> numbers;
  int argument;
  std::vector<std::uint32_t> operations;
};

std::vector<reported_call> reported() {
  std::vector<std::uint32_t> of_futex;
  for (std::uint32_t operation = 0; operation <= FUTEX_CMP_REQUEUE_PI; ++operation) {
    for (const int flags : {0, FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME, FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME})
      of_futex.push_back(operation | static_cast<std::uint32_t>(flags));
  }
  return {{numbers_of("futex"), 1, of_futex}, {numbers_of("prctl"), 0, {PR_SET_NAME, PR_GET_NAME}}};
}

std::vector<sock_filter> filter_of(const std::vector<permitted>& calls) {
  std::vector<sock_filter> filter = {load(call_number), unless(SYS_exit_group, 1), end_with(SECCOMP_RET_ALLOW),
                                     // the return of the handler of a signal, such as the one that ends the child
                                     unless(SYS_rt_sigreturn, 1), end_with(SECCOMP_RET_ALLOW)};
  const auto add = [&filter](std::initializer_list<sock_filter> more) { filter.insert(filter.end(), more); };
  for (const permitted& call : calls) {
    for (const long number : call.numbers) {
      if (call.argument < 0) {
        add({load(call_number), unless(number, 1), end_with(SECCOMP_RET_ALLOW)});
      } else {
        add({load(call_number), unless(number, 3), load(argument(call.argument)), unless(call.operation, 1),
             end_with(SECCOMP_RET_ALLOW)});
      }
    }
  }
  for (const auto& [numbers, index, operations] : reported()) {
    for (const long number : numbers) {
      add({load(call_number), unless(number, static_cast<unsigned char>(1 + 2 * operations.size())),
           load(argument(index))});
      for (const std::uint32_t operation : operations)
        add({unless(operation, 1), end_with(SECCOMP_RET_TRAP | operation)});
    }
  }
  filter.push_back(end_with(SECCOMP_RET_TRAP | SECCOMP_RET_DATA));
  return filter;
}

void note_and_leave(int, siginfo_t* info, void*) {
  last_refusal->operation = static_cast<std::uint32_t>(info->si_errno);  // the filter's data
  last_refusal->number = info->si_syscall;
  support::leave(ended_by_the_filter);
}

void install(const std::vector<permitted>& calls) {
  struct sigaction action = {};
  action.sa_sigaction = note_and_leave;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSYS, &action, nullptr);
  std::vector<sock_filter> filter = filter_of(calls);
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) return;
  std::perror("prctl(PR_SET_SECCOMP)");
  support::leave(1);
}

}  // namespace

outcome run(const std::function<std::function<void()>()>& prepare, const std::vector<permitted>& calls) {
  const shared_refusal shared;
  const support::ended child = support::in_child([&] {
    const std::function<void()> act = prepare();
    void* volatile enough = std::malloc(std::size_t{1} << 16);
    std::free(enough);  // what little is allocated from here on needs no more of the system
    install(calls);
    act();
    support::leave(0);
  });
  const bool noted = child.exit_code == ended_by_the_filter;
  if (noted) return {child, name_of(last_refusal->number, last_refusal->operation)};
  return {child, child.signal == SIGSYS ? "one made with all signals blocked" : ""};
}

}  // namespace sandbox
