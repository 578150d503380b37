// What --machine prints: this machine and the library as built. What is not known is null.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace bench {

// False in a build with assertions on.
extern const bool built_for_measuring;

// CMake's build type, with a remark where assertions are on.
const char* build_type();

nlohmann::ordered_json describe_machine();

}  // namespace bench
