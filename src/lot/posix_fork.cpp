#include <pthread.h>

#include "lot/fork.hpp"

namespace park::detail {

void in_fork_child(void (*run)()) noexcept { ::pthread_atfork(nullptr, nullptr, run); }

}  // namespace park::detail
