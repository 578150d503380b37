// What threads have used of the machine, as the operating system accounts for it. Empty where it does not say.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

namespace bench::platform {

// CPU time of one thread, exact also while it runs. (A process's total is only as fresh as the last timer tick of each
// CPU.)
std::optional<std::chrono::nanoseconds> cpu_time(std::thread::native_handle_type thread);
std::optional<std::chrono::nanoseconds> own_cpu_time();

// Context switches, voluntary or not, of all threads of the process, and of the calling one.
std::optional<std::uint64_t> context_switches();
std::optional<std::uint64_t> own_context_switches();

// For how long the calling thread has been able to run, but had no CPU. Not in it: the time that a hypervisor took, and that of a wake
// on its way to an idle CPU.
std::optional<std::chrono::nanoseconds> own_cpu_delay();

}  // namespace bench::platform
