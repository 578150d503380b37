// The constants by which park::backoff spins. `scripts/bench --tuning` sweeps each of them, and shows the curve from which its default was
// read; the curves of one machine are in bench/results.
//
// They are compiled in, unless CMake's PARK_TUNABLE is on: then they are read at load from the environment variable PARK_TUNING, such as
// PARK_TUNING="first_phase_ns=250,longest_gap=4". Its build is for measuring alone.
//
// The rule for default_budget_ns: spin at most about what the park and the unpark would cost that it may save, which are the time until the
// sleeper runs again, from before the unpark, and that call itself, for which the other thread pays. A wait that ends just after its spin gave
// up then costs about twice what parking at once would have, and none costs more. `scripts/bench --probe` measures both, and adds them up as
// `by_the_rule`. On two CPUs of an EPYC Zen 5 (KVM, Linux 6.18), quiet: 22 us and 6.7 us, thus 29 us across CPUs; 2.6 us and 4.4 us where both
// share one, which yields find out about sooner than a budget does. 25 us is below that, and where the curve of `scripts/bench --tuning` is
// flat. A relax is 25 ns there, and a line changes hands in 32 ns.
#pragma once

#include <cstdint>

namespace park::detail {

struct tuning {
  std::uint32_t default_budget_ns = 25'000;
  std::uint32_t first_phase_ns = 500;
  std::uint32_t foreign_yield_ns = 1'000;
  std::uint32_t longest_gap = 8;
  std::uint32_t polls_per_round = 4;
  std::uint32_t polls_when_crowded = 1;
  std::uint32_t foreign_yields = 4;
  std::uint32_t yields_in_crowd = 4;
  std::uint32_t budgets_in_all = 4;
  std::uint32_t losses_to_spare = 4;
  std::uint32_t spins_spared = 32;
  std::uint32_t yields_to_crowd = 4;
  std::uint32_t crowded_to_park = 512;
  std::uint32_t overtakes_to_yield = 16'384;
  std::uint32_t wake_chains = 4;
  std::uint32_t seldom_gap_ns = 1'000;
  std::uint32_t fights_learnt = 64;
};

struct constant {
  const char* name;
  std::uint32_t tuning::* place;
  std::uint32_t least, most;  // that make sense
  const char* what;
};

inline constexpr constant constants[] = {
    {"default_budget_ns", &tuning::default_budget_ns, 0, 1'000'000'000,
     "CPU time of a spin: a little over what a wake across CPUs costs"},
    {"first_phase_ns", &tuning::first_phase_ns, 0, 1'000'000, "polls only, before the first yield"},
    {"foreign_yield_ns", &tuning::foreign_yield_ns, 1, 1'000'000, "a yield that takes longer ran somebody else"},
    {"longest_gap", &tuning::longest_gap, 1, 1'024, "most relax instructions between two polls"},
    {"polls_per_round", &tuning::polls_per_round, 1, 1'024,
     "polls between two looks at the clock; all of a spared spin"},
    {"polls_when_crowded", &tuning::polls_when_crowded, 0, 1'024,
     "polls before the first yield of a thread that has learnt that CPUs are short"},
    {"foreign_yields", &tuning::foreign_yields, 1, 1'024, "yields that ran somebody else, after which a spin ends"},
    {"yields_in_crowd", &tuning::yields_in_crowd, 0, 1'024,
     "yields, where more threads wait than there are CPUs, after which a spin ends"},
    {"budgets_in_all", &tuning::budgets_in_all, 1, 1'024, "budgets that a spin may last, yields included"},
    {"losses_to_spare", &tuning::losses_to_spare, 1, 1'024, "spins lost in a row, after which the next are spared"},
    {"spins_spared", &tuning::spins_spared, 1, 65'536, "spins that are spared after so many were lost"},
    {"yields_to_crowd", &tuning::yields_to_crowd, 1, 1'000'000,
     "spins in a row that paid off behind foreign yields alone, after which CPUs are short"},
    {"crowded_to_park", &tuning::crowded_to_park, 1, 1'000'000,
     "spins of a thread that has learnt so, between two that park at once"},
    {"overtakes_to_yield", &tuning::overtakes_to_yield, 1, 1'000'000'000,
     "permits that a thread takes past waiters on their way, between two yields"},
    {"wake_chains", &tuning::wake_chains, 0, 1'024,
     "of several that are notified together, those that are woken at once, each to wake the next"},
    {"seldom_gap_ns", &tuning::seldom_gap_ns, 0, 1'000'000, "between two looks at a word that others fight for"},
    {"fights_learnt", &tuning::fights_learnt, 0, 1'000'000,
     "spins for a lock that look seldom from the first, after one that four polls did not end"},
};
static_assert(sizeof(constants) / sizeof(constant) == sizeof(tuning) / sizeof(std::uint32_t));

#if defined(PARK_TUNABLE)
extern constinit tuning tuned;
#else
inline constexpr tuning tuned;
#endif

}  // namespace park::detail
