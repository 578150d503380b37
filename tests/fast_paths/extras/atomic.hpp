// A mutant: one more atomic operation on each fast path.
#pragma once

#include <atomic>

inline std::atomic<int> extra_word;
inline void extra() { extra_word.fetch_add(1, std::memory_order_relaxed); }
