// driver: runs what register_cells() has registered, and writes what came of it in Google Benchmark's form.
#pragma once

#include "options.hpp"

namespace bench {

// What the arguments hold is meant for Google Benchmark. Throws usage_error for what it does not know.
void run_registered(int argc, char** argv, const options& wanted);

}  // namespace bench
