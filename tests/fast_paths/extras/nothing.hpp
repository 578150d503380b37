// What the functions do beside their fast path: nothing.
#pragma once

inline void extra() {}
