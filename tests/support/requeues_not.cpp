#include "support/requeuing.hpp"

bool support::library_requeues() { return false; }
