#include "park/backoff.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "known_cpus.hpp"
#include "park/detail/lot_atomic.hpp"
#include "relax.hpp"
#include "tuning.hpp"

namespace park {
namespace {

using detail::tuned;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

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

// Read while the program's static objects are made, threads of which may ask meanwhile. release: publishes the moment
// to who finds it there.
constinit moment at_load{};
constinit detail::lot_atomic<bool> loaded{false};
[[maybe_unused]] const bool read_at_load =
    (at_load = read_clocks(), loaded.store(true, std::memory_order_release), true);

// At the first wait of the process, which is seldom within 20 us of its load, or before this file is initialized: then
// it takes as long.
double measure_ticks_per_nanosecond() noexcept {
  const moment begin = loaded.load(std::memory_order_acquire) ? at_load : read_clocks();
  while (steady_clock::now() - begin.time < std::chrono::microseconds(20)) {
  }
  const moment end = read_clocks();
  const auto elapsed = static_cast<double>(nanoseconds(end.time - begin.time).count());
  return std::max(1e-3, static_cast<double>(end.ticks - begin.ticks) / elapsed);
}

// 0 until it has been measured. relaxed throughout: a number that publishes nothing. Not a static local, whose lock a
// child of fork() may find held for ever.
constinit detail::lot_atomic<double> ticks_per_nanosecond{0};

std::uint64_t to_ticks(nanoseconds time) noexcept {
  double rate = ticks_per_nanosecond.load(std::memory_order_relaxed);
  if (rate == 0) {
    rate = measure_ticks_per_nanosecond();
    ticks_per_nanosecond.store(rate, std::memory_order_relaxed);
  }
  return static_cast<std::uint64_t>(static_cast<double>(time.count()) * rate);
}

// What a thread has learnt from its last spins.
struct history {
  unsigned losses = 0;       // in a row
  unsigned spared = 0;       // spins still to end after a few polls
  bool lost_before = false;  // some were spared since a spin last paid off: one more loss is enough
  unsigned by_yield = 0;     // spins in a row that paid off behind nothing but yields that ran somebody else
  unsigned fights = 0;       // spins still to come that look seldom from the first

  bool crowded() const noexcept { return by_yield >= tuned.yields_to_crowd; }
};
thread_local history learnt;

}  // namespace

void backoff::paid_off() noexcept {
  if (phase_ == phase::fresh) return;
  learnt.by_yield = yields_ > 0 && foreign_ == yields_ ? learnt.by_yield + 1 : 0;
  if (yielded_ < budget_) {
    learnt.losses = learnt.spared = 0;
    learnt.lost_before = false;
  } else {
    give_up();
  }
}

bool backoff::begin() noexcept {
  nanoseconds budget = detail::known_spin_budget();
  if (!until_.is_never()) budget = std::min(budget, until_.remaining());
  if (budget <= nanoseconds::zero()) return false;
  budget_ = to_ticks(budget);
  if (detail::watch_in_use() == nullptr) watched_ = nullptr;
  if (watched_ != nullptr) seen_ = arch::look(watched_);
  spared_ = learnt.spared > 0;
  known_crowd_ = threads_ > detail::known_cpus();
  if (spared_) {
    --learnt.spared;
  } else if (known_crowd_) {
    phase_ = phase::yielding;
    return true;
  }
  if (spared_ || !learnt.crowded()) {
    phase_ = phase::polling;
    polls_ = tuned.polls_per_round;
    return true;
  }
  phase_ = phase::yielding;
  polls_ = tuned.polls_when_crowded;
  if (learnt.by_yield % tuned.crowded_to_park != 0) return true;
  ++learnt.by_yield;
  return false;
}

bool backoff::give_up() noexcept {
  if (spared_ || known_crowd_) return false;
  if (learnt.lost_before || ++learnt.losses >= tuned.losses_to_spare) {
    learnt.losses = 0;
    if (learnt.lost_before) usable_cpus();  // known to backoffs from now on
    learnt.lost_before = true;
    learnt.spared = tuned.spins_spared;
  }
  return false;
}

// False: enough of it.
bool backoff::yield(std::uint64_t now) noexcept {
  if (known_crowd_ && yields_ >= tuned.yields_in_crowd) return false;
  ++yields_;
  std::this_thread::yield();
  const std::uint64_t away = arch::ticks() - now;
  if (away >= to_ticks(nanoseconds(tuned.foreign_yield_ns))) {
    yielded_ += away;
    if (away >= tuned.budgets_in_all * budget_) learnt.spared = tuned.spins_spared;
    return ++foreign_ < tuned.foreign_yields;
  }
  if (learnt.crowded()) phase_ = phase::polling;
  learnt.by_yield = 0;
  return true;
}

// seen_ was read before the caller's last look, so what has changed since then differs from it.
void backoff::watch(std::uint64_t most) noexcept {
  const std::uint64_t longest = std::min(most, to_ticks(nanoseconds(tuned.first_phase_ns)));
  detail::watch_in_use()->wait(watched_, seen_, arch::ticks() + longest);
  seen_ = arch::look(watched_);
}

void backoff::pause() const noexcept {
  const std::uint64_t began = arch::ticks();
  do {
    arch::relax();
  } while (arch::ticks() - began < apart_);
}

bool backoff::next_round() noexcept {
  const bool first = phase_ == phase::fresh;
  if (first) {
    if (!begin()) return false;
    if (seldom_ && learnt.fights > 0) return --learnt.fights, fights_ = true, polls_ = 0, true;
    if (polls_ > 0) return true;
  }
  if (spared_) return give_up();
  const std::uint64_t now = arch::ticks();
  if (started_ == 0) started_ = now;
  const std::uint64_t elapsed = now - started_;
  if (elapsed - yielded_ >= budget_ || elapsed >= tuned.budgets_in_all * budget_) return give_up();
  if (phase_ == phase::polling && elapsed >= to_ticks(nanoseconds(tuned.first_phase_ns))) phase_ = phase::yielding;
  if (phase_ == phase::yielding && !yield(now)) return give_up();
  if (seldom_ && !first) {
    if (apart_ == 0 && !fights_) learnt.fights = tuned.fights_learnt;
    apart_ = to_ticks(nanoseconds(tuned.seldom_gap_ns));
  }
  if (watched_ != nullptr && apart_ == 0 && !first) return watch(budget_ - (elapsed - yielded_)), true;
  gap_ = phase_ == phase::yielding ? 1 : std::min(2 * gap_, tuned.longest_gap);
  polls_ = tuned.polls_per_round;
  return true;
}

}  // namespace park
