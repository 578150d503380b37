// What --probe prints: what the smallest steps between CPUs cost on this machine, of which the default spin budget follows, by the rule in
// src/tuning.hpp. scripts/parkbench/hardware.py describes the document.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace bench {

// Takes a second, on many CPUs up to ten. What cannot be measured here, as on one CPU, is null or left out, and told in the notes.
nlohmann::ordered_json probe();

}  // namespace bench
