// tune: reads what the environment variable PARK_TUNING says. Part of the library where CMake's PARK_TUNABLE is on.
#pragma once

#include <string>
#include <string_view>

#include "tuning.hpp"

namespace park::detail {

// Sets the constants that `text` names: name=value,name=value. Returns what is wrong with it, in one line, or nothing.
std::string tune(tuning& to, std::string_view text);

}  // namespace park::detail
