// What this machine calls itself. Empty where it does not say.
#pragma once

#include <optional>
#include <string>

namespace bench::platform {

struct identity {
  std::optional<std::string> model, vendor;  // of the CPU
  std::optional<std::string> hypervisor;     // none, or not known
  std::optional<std::string> kernel, os;
  std::optional<std::string> container;  // what holds this process; none, or not known
};

identity read_identity();

// The hypervisor alone; one body per CPU family, since on some the CPU itself tells.
std::optional<std::string> read_hypervisor();

}  // namespace bench::platform
