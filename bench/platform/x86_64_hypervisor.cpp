// CPUID: leaf 1 says whether there is a hypervisor, leaf 0x40000000 holds twelve letters by which it signs.
#include <cpuid.h>

#include <array>
#include <cstring>
#include <string_view>

#include "platform/identity.hpp"

namespace bench::platform {
namespace {

struct signature {
  std::string_view letters, name;
};

constexpr std::array known{
    signature{"KVMKVMKVM", "KVM"},          signature{"Linux KVM Hv", "KVM"},
    signature{"Microsoft Hv", "Hyper-V"},   signature{"VMwareVMware", "VMware"},
    signature{"XenVMMXenVMM", "Xen"},       signature{"TCGTCGTCGTCG", "QEMU"},
    signature{"bhyve bhyve ", "bhyve"},     signature{"VBoxVBoxVBox", "VirtualBox"},
    signature{" lrpepyh  vr", "Parallels"}, signature{"ACRNACRNACRN", "ACRN"},
};

}  // namespace

std::optional<std::string> read_hypervisor() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  constexpr unsigned hypervisor_present = 1u << 31;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & hypervisor_present) == 0) return std::nullopt;
  __cpuid(0x40000000, eax, ebx, ecx, edx);
  const std::array words{ebx, ecx, edx};
  char letters[sizeof words + 1] = {};
  std::memcpy(letters, words.data(), sizeof words);
  for (const signature& one : known) {
    if (one.letters == letters) return std::string(one.name);
  }
  return letters[0] != '\0' ? std::string(letters) : "unknown";
}

}  // namespace bench::platform
