#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "fast_paths/registers.hpp"
#include "fast_paths/step.hpp"

namespace fast_paths {
namespace {

constexpr int most_instructions = 100000;
constexpr unsigned most_seconds = 60;  // for all paths; a path that parks stands still
constexpr int no_ptrace = 3;

[[noreturn]] void be_stepped(void (*run)(begin_function)) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(no_ptrace);
  run([] {});
  run([] { raise(SIGSTOP); });
  _exit(0);
}

class child {
 public:
  explicit child(void (*run)(begin_function)) : id_(fork()) {
    if (id_ == 0) be_stepped(run);
    if (id_ > 0) waitpid(id_, &status_, 0);
  }
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    if (id_ <= 0 || WIFEXITED(status_) || WIFSIGNALED(status_)) return;
    kill(id_, SIGKILL);
    waitpid(id_, &status_, 0);
  }

  pid_t id() const noexcept { return id_; }
  bool began() const noexcept { return id_ > 0 && WIFSTOPPED(status_) && WSTOPSIG(status_) == SIGSTOP; }
  bool may_not() const noexcept { return id_ < 0 || (WIFEXITED(status_) && WEXITSTATUS(status_) == no_ptrace); }

  // Steps, until it is at `place` or has executed too many instructions; false then, or if it ended.
  template <class Visit>
  bool step_to(std::uintptr_t place, Visit visit) {
    for (int count = 0; count < most_instructions; ++count) {
      const std::uintptr_t at = program_counter(id_);
      if (at == place) return true;
      visit(at);
      if (ptrace(PTRACE_SINGLESTEP, id_, nullptr, nullptr) != 0) return false;
      if (waitpid(id_, &status_, 0) != id_ || !WIFSTOPPED(status_) || WSTOPSIG(status_) != SIGTRAP) return false;
    }
    return false;
  }

 private:
  pid_t id_;
  int status_ = 0;
};

}  // namespace

stepped step_through(void (*run)(begin_function), std::uintptr_t entry) {
  alarm(most_seconds);
  if (const char* reason = no_stepping()) return {{}, 0, reason, false};
  child child(run);
  if (child.may_not()) return {{}, 0, "a process may not be traced here (ptrace)", false};
  if (!child.began()) return {{}, 0, "failed before it was to be stepped"};
  if (!child.step_to(entry, [](std::uintptr_t) {})) return {{}, 0, "did not come to the function"};
  stepped result;
  const std::uintptr_t back = return_address(child.id());
  const auto note = [&](std::uintptr_t at) {
    result.instructions.push_back(at);
    result.system_calls += calls_the_system(child.id(), at) ? 1 : 0;
  };
  if (!child.step_to(back, note)) {
    return {{}, 0, "did not return from the function"};
  }
  return result;
}

}  // namespace fast_paths
