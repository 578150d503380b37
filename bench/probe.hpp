// What --probe prints: what the smallest steps between CPUs cost on this machine, of which the default spin budget follows, by the rule in
// src/tuning.hpp. scripts/parkbench/hardware.py describes the document.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace bench {

// Takes a second, on many CPUs up to ten. What cannot be measured here, as on one CPU, is null or left out, and told in the notes.
nlohmann::ordered_json probe();

// In words, what limits what a process that may use these CPUs can measure on a machine as describe_machine() tells of it.
std::vector<std::string> limits_of(const nlohmann::ordered_json& machine, const std::vector<unsigned>& allowed);

}  // namespace bench
