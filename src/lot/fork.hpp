// What is to be done in the child of a fork. One body per platform, chosen by CMake.
#pragma once

namespace park::detail {

// Has `run` called in the child of every fork() from now on, before fork() returns there. Where a process cannot fork, does nothing.
void in_fork_child(void (*run)()) noexcept;

}  // namespace park::detail
