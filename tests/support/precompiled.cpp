// The target that compiles support/precompiled.hpp for the others needs a source.
#include "support/precompiled.hpp"
