// Child processes of a test: for what ends a process, or must be so from its start.
#pragma once

#include <functional>
#include <string>

namespace support {

// How a child ended, and what it wrote to standard output and standard error.
struct ended {
  int exit_code;  // -1 when a signal killed it
  int signal;     // 0 when it exited
  std::string output;
};

// Runs `body` in a fork of this process. The child exits with 0 after it, without running destructors of static objects.
ended in_child(const std::function<void()>& body);

// Whether the child of a fork in a program of several threads can start threads, as the system allows. qemu 7.2 does it no longer: it ends
// such a child by an assertion of its own ("cpu == current_cpu", "qemu_plugin_vcpu_init_hook"), also where nobody uses park.
bool children_start_threads();

// Ends the calling child at once, by the plain system call: sanitizers make others on their way out.
[[noreturn]] void leave(int exit_code) noexcept;

// Runs this executable again, from its start, as the program `name` (see program.hpp); `prepare` runs in the new process before that.
ended run_program(const std::string& name, const std::function<void()>& prepare);

}  // namespace support
