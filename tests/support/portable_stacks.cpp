#include <cstdio>

#include "support/stacks.hpp"

namespace support {

void prepare_to_print_stacks() {}

void print_all_stacks() { std::fputs("(stacks of other threads are not known on this platform)\n", stderr); }

}  // namespace support
