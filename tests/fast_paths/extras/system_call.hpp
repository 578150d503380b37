// A mutant: a system call on each path.
#pragma once

#include <unistd.h>

inline void extra() { static_cast<void>(getppid()); }
