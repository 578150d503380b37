// Where the CPU does not tell: the device tree and Xen's own folder name the hypervisor, the firmware's vendor betrays
// some.
#include <array>
#include <fstream>
#include <string_view>

#include "platform/identity.hpp"

namespace bench::platform {
namespace {

struct clue {
  const char* file;
  std::string_view beginning, name;
};

constexpr std::array clues{
    clue{"/sys/firmware/devicetree/base/hypervisor/compatible", "linux,kvm", "KVM"},
    clue{"/sys/firmware/devicetree/base/hypervisor/compatible", "xen", "Xen"},
    clue{"/sys/hypervisor/type", "xen", "Xen"},
    clue{"/sys/class/dmi/id/product_name", "KVM", "KVM"},
    clue{"/sys/class/dmi/id/product_name", "Virtual Machine", "Hyper-V"},
    clue{"/sys/class/dmi/id/sys_vendor", "QEMU", "QEMU"},
    clue{"/sys/class/dmi/id/sys_vendor", "VMware", "VMware"},
    clue{"/sys/class/dmi/id/sys_vendor", "Parallels", "Parallels"},
};

}  // namespace

std::optional<std::string> read_hypervisor() {
  for (const clue& one : clues) {
    std::ifstream file(one.file);
    std::string content;
    if (std::getline(file, content) && content.rfind(one.beginning, 0) == 0) return std::string(one.name);
  }
  return std::nullopt;
}

}  // namespace bench::platform
