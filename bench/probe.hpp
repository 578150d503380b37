// What --probe prints: the few costs from which the default spin budget follows, by the rule in src/tuning.hpp, on this machine.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace bench {

// Takes some milliseconds for each pair of CPUs and a tenth of a second beside. What cannot be measured here, as on one CPU, is null.
nlohmann::ordered_json probe();

}  // namespace bench
