#include <sys/auxv.h>
#include <unistd.h>

#include <cstdint>

#include "lot/features.hpp"

namespace park {
namespace {

#if defined(__riscv)
// As struct riscv_hwprobe and its numbers, which systems older than the call lack. An older kernel refuses it: 0.
std::uint64_t riscv_extensions() noexcept {
  constexpr long riscv_hwprobe = 258;
  struct {
    std::int64_t key = 4;  // RISCV_HWPROBE_KEY_IMA_EXT_0; the kernel makes it -1 if it does not know it
    std::uint64_t value = 0;
  } pair;
  const bool known = ::syscall(riscv_hwprobe, &pair, 1, 0, nullptr, 0) == 0 && pair.key == 4;
  return known ? pair.value : 0;
}
#else
std::uint64_t riscv_extensions() noexcept { return 0; }
#endif

}  // namespace

arch::features detail::system_features() noexcept {
  return {::getauxval(AT_HWCAP), ::getauxval(AT_HWCAP2), riscv_extensions()};
}

}  // namespace park
