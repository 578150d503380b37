#include "platform/usage.hpp"

namespace bench::platform {

std::optional<std::chrono::nanoseconds> cpu_time(std::thread::native_handle_type) { return std::nullopt; }
std::optional<std::chrono::nanoseconds> own_cpu_time() { return std::nullopt; }
std::optional<std::uint64_t> context_switches() { return std::nullopt; }
std::optional<std::uint64_t> own_context_switches() { return std::nullopt; }
std::optional<std::chrono::nanoseconds> own_cpu_delay() { return std::nullopt; }

}  // namespace bench::platform
