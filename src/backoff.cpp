#include "park/backoff.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "lot/cpus.hpp"
#include "park/contract.hpp"

namespace park {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr nanoseconds default_budget{
    25'000};  // a little over what a wake across CPUs cost where this was written, 19 us
constexpr nanoseconds longest_budget{1'000'000'000};
constexpr nanoseconds first_phase{1'000};      // polls only; every spin gets this much
constexpr nanoseconds foreign_yield{1'000};    // a yield that takes longer ran somebody else
constexpr std::uint32_t polls_per_round = 16;  // between two looks at the clock
constexpr std::uint32_t foreign_yields = 4;    // after as many, CPUs are short
constexpr std::uint64_t budgets_in_all = 4;    // yields included
constexpr unsigned losses_to_spare = 4;
constexpr unsigned spared_spins = 16;

// The mask of the process, not of a thread that pins itself later.
const unsigned affinity_at_start = detail::affinity_cpus();

unsigned count_usable_cpus() noexcept {
  const unsigned affinity = affinity_at_start != 0 ? affinity_at_start : detail::affinity_cpus();
  const double quota = detail::cgroup_quota_cpus().value_or(affinity);
  return std::max(1u, std::min(affinity, static_cast<unsigned>(quota)));
}

// One reading of both clocks, as close together as the best of a few tries: a preemption between the two spoils a try.
struct moment {
  std::uint64_t ticks;
  steady_clock::time_point time;
};

moment read_clocks() noexcept {
  moment best{};
  std::uint64_t narrowest = ~std::uint64_t{0};
  for (int tries = 0; tries < 5; ++tries) {
    const std::uint64_t before = arch::ticks();
    const auto time = steady_clock::now();
    const std::uint64_t width = arch::ticks() - before;
    if (width < narrowest) narrowest = width, best = {before + width / 2, time};
  }
  return best;
}

// Takes 20 us, once in the life of a process, in a thread that is about to wait anyway.
double measure_ticks_per_nanosecond() noexcept {
  const moment begin = read_clocks();
  while (steady_clock::now() - begin.time < std::chrono::microseconds(20)) {
  }
  const moment end = read_clocks();
  const auto elapsed = static_cast<double>(nanoseconds(end.time - begin.time).count());
  return std::max(1e-3, static_cast<double>(end.ticks - begin.ticks) / elapsed);
}

std::uint64_t to_ticks(nanoseconds time) noexcept {
  static const double ticks_per_nanosecond = measure_ticks_per_nanosecond();
  return static_cast<std::uint64_t>(static_cast<double>(time.count()) * ticks_per_nanosecond);
}

nanoseconds initial_budget() noexcept {
  const nanoseconds standard = usable_cpus() > 1 ? default_budget : nanoseconds::zero();
  const char* const text = std::getenv("PARK_SPIN_NS");
  if (text == nullptr) return standard;
  const char* const end = text + std::strlen(text);
  std::int64_t value = -1;
  const auto [stopped, error] = std::from_chars(text, end, value);
  if (error == std::errc() && stopped == end && text != end && value >= 0 && value <= longest_budget.count()) {
    return nanoseconds(value);
  }
  std::fprintf(stderr, "park: PARK_SPIN_NS is \"%s\"; it takes whole nanoseconds from 0 to 1000000000. Using %lld.\n",
               text, static_cast<long long>(standard.count()));
  return standard;
}

// relaxed throughout: a tuning value that publishes nothing.
std::atomic<std::int64_t>& budget_nanoseconds() noexcept {
  static std::atomic<std::int64_t> budget{initial_budget().count()};
  return budget;
}

// What a thread has learnt from its last spins.
struct history {
  unsigned losses = 0;  // in a row
  unsigned spared = 0;  // spins still to be cut short
};
thread_local history learnt;

}  // namespace

unsigned usable_cpus() noexcept {
  static const unsigned cpus = count_usable_cpus();
  return cpus;
}

nanoseconds spin_budget() noexcept { return nanoseconds(budget_nanoseconds().load(std::memory_order_relaxed)); }

void set_spin_budget(nanoseconds budget) noexcept {
  if (budget < nanoseconds::zero() || budget > longest_budget) {
    contract_violation("set_spin_budget(budget): budget is negative or above one second");
  }
  budget_nanoseconds().store(budget.count(), std::memory_order_relaxed);
}

void backoff::paid_off() noexcept {
  if (yielded_ < budget_ || budget_ == 0) {
    learnt = {};
  } else {
    give_up();  // the yields gave this CPU away for longer than a wake would have taken
  }
}

bool backoff::begin() noexcept {
  nanoseconds budget = spin_budget();
  if (learnt.spared > 0) {
    --learnt.spared;
    learnt.losses = 0;
    budget = std::min(budget, first_phase);
  }
  budget = std::min(budget, until_.remaining());
  if (budget <= nanoseconds::zero()) return false;
  budget_ = to_ticks(budget);
  started_ = arch::ticks();
  polls_ = polls_per_round;
  return true;
}

bool backoff::give_up() noexcept {
  if (learnt.spared == 0 && ++learnt.losses >= losses_to_spare) learnt = {0, spared_spins};
  return false;
}

bool backoff::next_round() noexcept {
  if (started_ == 0) return begin();
  std::uint64_t now = arch::ticks();
  std::uint64_t elapsed = now - started_;
  if (elapsed - yielded_ >= budget_ || elapsed >= budgets_in_all * budget_) return give_up();
  if (elapsed >= to_ticks(first_phase)) {
    std::this_thread::yield();
    const std::uint64_t away = arch::ticks() - now;
    if (away >= to_ticks(foreign_yield)) {
      yielded_ += away;
      if (++foreign_ >= foreign_yields) return give_up();
    }
  }
  polls_ = polls_per_round;
  return true;
}

}  // namespace park
