// support::print_all_stacks: what every thread of this process is doing. One body per platform, chosen by CMake.
#pragma once

namespace support {

// Called once at the start, by the thread that will print.
void prepare_to_print_stacks();

// Prints the stacks of all threads to standard error. A thread that does not answer is named and left out.
void print_all_stacks();

// Whether these show what a thread did before the signal by which it is asked: qemu's signal frames are where they end, and musl's.
bool stacks_reach_below_signals();

}  // namespace support
