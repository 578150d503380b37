// System calls under watch: a filter (seccomp) on the calling process, which ends it at a call that it may not make.
#pragma once

#include <functional>
#include <initializer_list>

#include "support/child.hpp"

namespace support {

// Whether there are such filters. The user mode of qemu has none.
bool filters_system_calls();

// Runs `body` in a child that may make no system call but the one it exits by; the kernel kills it with SIGSYS otherwise.
ended without_system_calls(const std::function<void()>& body);

// Runs `body` in a child that may open no file; the kernel kills it with SIGSYS otherwise.
ended without_opening_files(const std::function<void()>& body);

// False where the sanitizer that this is built with makes system calls of its own, even for plain work on atomics.
bool atomics_make_no_system_calls();

// Runs `body` in a child whose every futex call with this operation fails with `error` at once, and whose every other futex call kills
// it.
ended with_futex_operation(int operation, int error, const std::function<void()>& body);

// Runs `body` in a child whose every futex call with another operation than these kills it.
ended with_no_futex_operations_but(std::initializer_list<int> operations, const std::function<void()>& body);

// From now on every futex call of the calling thread, and of none but those that it starts, fails with `error` if it has this operation.
void refuse_futex_operation(int operation, int error);

}  // namespace support
