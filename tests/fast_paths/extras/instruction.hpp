// A mutant: one more load on each fast path.
#pragma once

inline volatile int extra_word;
inline void extra() { static_cast<void>(extra_word); }
