#include <cxxabi.h>
#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/sanitizers.hpp"
#include "support/stacks.hpp"

// ThreadSanitizer's sigaction holds signals back until the thread next calls the C library, which a thread that hangs never does; and
// it would see races in what the handler does.
#if defined(PARK_TESTS_UNDER_TSAN)
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*);
#define PARK_TESTS_SIGACTION __sigaction
#define PARK_TESTS_UNSEEN __attribute__((no_sanitize("thread")))
#else
#define PARK_TESTS_SIGACTION sigaction
#define PARK_TESTS_UNSEEN
#endif

namespace support {
namespace {

const int ask_for_stack = SIGRTMAX - 2;  // qemu, whose host's C library keeps two to itself, lacks the last two

struct stack {
  static constexpr int most = 64;
  pid_t thread;
  void* frames[most];
  int depth;
};

stack* volatile asked;  // what the thread that is asked fills in; null once it has

PARK_TESTS_UNSEEN _Unwind_Reason_Code add_frame(_Unwind_Context* context, void* argument) {
  stack& into = *static_cast<stack*>(argument);
  if (into.depth == stack::most) return _URC_END_OF_STACK;
  into.frames[into.depth++] = reinterpret_cast<void*>(_Unwind_GetIP(context));
  return _URC_NO_REASON;
}

PARK_TESTS_UNSEEN void answer(int) {
  const int saved_errno = errno;
  if (stack* const mine = asked; mine != nullptr && mine->thread == static_cast<pid_t>(syscall(SYS_gettid))) {
    _Unwind_Backtrace(add_frame, mine);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    asked = nullptr;
  }
  errno = saved_errno;
}

std::vector<pid_t> all_threads() {
  std::vector<pid_t> threads;
  DIR* const folder = opendir("/proc/self/task");
  while (const dirent* const entry = folder != nullptr ? readdir(folder) : nullptr) {
    if (entry->d_name[0] != '.') threads.push_back(static_cast<pid_t>(std::atol(entry->d_name)));
  }
  if (folder != nullptr) closedir(folder);
  return threads;
}

std::string name_of(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

// The function's name where the dynamic symbol table has it, else what addr2line takes: the file and the place in it.
std::string function_at(void* address) {
  Dl_info info;
  if (dladdr(address, &info) == 0) return "?";
  if (info.dli_sname == nullptr) {
    char place[32];
    std::snprintf(place, sizeof place, " +%#tx", static_cast<char*>(address) - static_cast<char*>(info.dli_fbase));
    return std::string(info.dli_fname) + place;
  }
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status),
                                                        std::free);
  return status == 0 ? readable.get() : info.dli_sname;
}

// False when the thread does not answer.
PARK_TESTS_UNSEEN bool ask(stack& into) {
  asked = &into;
  if (syscall(SYS_tgkill, getpid(), into.thread, ask_for_stack) != 0) return false;
  for (int tries = 0; tries < 1000 && asked != nullptr; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return asked == nullptr;
}

}  // namespace

void prepare_to_print_stacks() {
  stack first{};
  _Unwind_Backtrace(add_frame, &first);  // loads the unwinder, which must not happen in a signal handler
}

PARK_TESTS_UNSEEN void print_all_stacks() {
  struct sigaction action{};
  action.sa_handler = answer;
  action.sa_flags = SA_RESTART;
  PARK_TESTS_SIGACTION(ask_for_stack, &action, nullptr);
  for (const pid_t thread : all_threads()) {
    // Never freed: a thread may answer too late.
    stack& its = *new stack{.thread = thread, .frames = {}, .depth = 0};
    const bool known = ask(its);
    std::fprintf(stderr, "thread %d (%s)%s\n", static_cast<int>(thread), name_of(thread).c_str(),
                 known ? "" : " does not answer");
    for (int index = 0; known && index < its.depth; ++index) {
      std::fprintf(stderr, "  #%-2d %p %s\n", index, its.frames[index], function_at(its.frames[index]).c_str());
    }
  }
}

// In a static program of musl's neither can an unwinder pass a signal's frame, nor dladdr() name a function.
bool stacks_reach_below_signals() {
  Dl_info info;
  return std::getenv("PARK_TEST_EMULATED") == nullptr && dladdr(reinterpret_cast<void*>(&all_threads), &info) != 0;
}

}  // namespace support
