#include <stdexcept>

#include "platform/system_call_counter.hpp"

namespace bench::platform {

void install_system_call_counter() { throw std::runtime_error("counting needs Linux on x86-64 or AArch64"); }

std::optional<system_calls> counted_system_calls() noexcept { return std::nullopt; }

counted_section::counted_section() noexcept = default;
counted_section::~counted_section() = default;

uncounted_section::uncounted_section() noexcept : counted_before_(false) {}
uncounted_section::~uncounted_section() = default;

}  // namespace bench::platform
