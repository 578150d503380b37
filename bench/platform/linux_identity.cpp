#include <sys/utsname.h>

#include <fstream>
#include <initializer_list>

#include "platform/identity.hpp"

namespace bench::platform {
namespace {

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\"";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// The value of the first line `key<separator>value` of a file, for the first of the keys that has one.
std::optional<std::string> look_up(const char* path, char separator, std::initializer_list<const char*> keys) {
  for (const std::string key : keys) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const std::size_t at = line.find(separator);
      if (at == std::string::npos || trimmed(line.substr(0, at)) != key) continue;
      const std::string value = trimmed(line.substr(at + 1));
      if (!value.empty()) return value;
    }
  }
  return std::nullopt;
}

std::optional<std::string> from_cpuinfo(std::initializer_list<const char*> keys) {
  return look_up("/proc/cpuinfo", ':', keys);
}

// AArch64 gives numbers instead of a name.
std::optional<std::string> model() {
  if (const auto name = from_cpuinfo({"model name", "cpu model", "Model", "cpu", "uarch"})) return name;
  const auto implementer = from_cpuinfo({"CPU implementer"}), part = from_cpuinfo({"CPU part"});
  if (implementer && part) return "CPU implementer " + *implementer + ", part " + *part;
  return std::nullopt;
}

std::optional<std::string> kernel() {
  utsname names{};
  if (uname(&names) != 0) return std::nullopt;
  return names.release;
}

bool there_is(const char* path) { return std::ifstream(path).good(); }

// What each kind of container leaves behind in it. Where cgroups have a namespace of their own, their paths tell nothing.
std::optional<std::string> container() {
  if (there_is("/.dockerenv")) return "Docker";
  if (there_is("/run/.containerenv")) return "Podman";
  std::string name;
  if (std::ifstream("/run/systemd/container") >> name) return name;
  std::ifstream groups("/proc/1/cgroup");
  for (std::string line; std::getline(groups, line);) {
    for (const char* const kind : {"kubepods", "docker", "libpod", "lxc", "containerd"}) {
      if (line.find(kind) != std::string::npos) return kind;
    }
  }
  return std::nullopt;
}

}  // namespace

identity read_identity() {
  return {model(),
          from_cpuinfo({"vendor_id", "mvendorid"}),
          read_hypervisor(),
          kernel(),
          look_up("/etc/os-release", '=', {"PRETTY_NAME", "NAME"}),
          container()};
}

}  // namespace bench::platform
