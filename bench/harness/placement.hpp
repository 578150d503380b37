// Where threads run.
#pragma once

#include <optional>
#include <utility>

namespace bench {

// Two CPUs that this process may use, on different cores and as near to each other as such a pair can be: under one
// last-level cache where there is one, else in one package. Empty where the process has one CPU only, or threads cannot
// be pinned.
std::optional<std::pair<unsigned, unsigned>> two_neighbouring_cpus();

// One of the CPUs that this process may use. Empty where threads cannot be pinned.
std::optional<unsigned> one_cpu();

}  // namespace bench
