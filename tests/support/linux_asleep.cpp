#include <unistd.h>

#include <fstream>
#include <string>

#include "support/asleep.hpp"

namespace support {

thread_id this_thread() { return gettid(); }

bool asleep(thread_id thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(") ");  // the name before may hold anything
  return name_end != std::string::npos && line.compare(name_end + 2, 1, "S") == 0;
}

bool sleep_is_known() { return true; }

}  // namespace support
