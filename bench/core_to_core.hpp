// How long it takes from one CPU to another: a cache line that is handed over, and a thread that is woken.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "platform/topology.hpp"

namespace bench {

// Nanoseconds from a store on one CPU until a thread that polls it on the other has seen it: half of a round trip, the best of many batches,
// since whatever disturbs one only makes it longer. Fewer batches where they take more than `patience`, as where the two share a CPU in truth.
// Empty where the system refuses to bind threads to these CPUs.
std::optional<double> hand_over(unsigned first, unsigned second,
                                std::chrono::nanoseconds patience = std::chrono::milliseconds(50));

struct wake_cost {
  double unpark_ns;   // the call, of the thread that wakes
  double latency_ns;  // from before that call until the sleeper runs again
};

inline constexpr unsigned most_wakes = 201;

// A thread asleep on one CPU is woken from another, or from the same: then the one that wakes goes to sleep, and makes room. Medians of so
// many rounds, of a quarter of a millisecond each.
std::optional<wake_cost> wake(unsigned waker, unsigned sleeper, unsigned rounds = most_wakes);

// At most so many of these CPUs, which stand in order of nearness: runs of four that are spread evenly, so that among the pairs are some of
// one core, of one cache, and of parts of the machine that are far from each other.
std::vector<unsigned> sample_of(const std::vector<unsigned>& cpus, unsigned most);

}  // namespace bench
