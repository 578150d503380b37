#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "support/child.hpp"
#include "support/program.hpp"

namespace support {
namespace {

std::string read_all(int from) {
  std::string text;
  char buffer[4096];
  for (ssize_t size; (size = read(from, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(size));
  return text;
}

[[noreturn]] void fail(const char* call) {
  std::perror(call);
  std::abort();
}

}  // namespace

void leave(int exit_code) noexcept {
  for (;;) syscall(SYS_exit_group, exit_code);
}

bool children_start_threads() { return std::getenv("PARK_TEST_EMULATED") == nullptr; }

ended in_child(const std::function<void()>& body) {
  std::fflush(nullptr);
  int ends[2];
  if (pipe(ends) != 0) fail("pipe");
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it may hang on purpose
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    body();
    leave(0);
  }
  close(ends[1]);
  std::string output = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  if (waitpid(child, &status, 0) != child) fail("waitpid");
  if (WIFSIGNALED(status)) return {-1, WTERMSIG(status), std::move(output)};
  return {WEXITSTATUS(status), 0, std::move(output)};
}

ended run_program(const std::string& name, const std::function<void()>& prepare) {
  return in_child([&] {
    prepare();
    const std::string wanted = program::option + name;
    if (const char* const emulator = std::getenv("PARK_TEST_EMULATOR"); emulator != nullptr) {
      const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
      execl(emulator, emulator, std::getenv("PARK_TEST_EMULATED"), self.c_str(), wanted.c_str(), nullptr);
    } else {
      execl("/proc/self/exe", "park_tests", wanted.c_str(), nullptr);
    }
    fail("execl");
  });
}

}  // namespace support
