#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "known_cpus.hpp"
#include "lot/uncancelled.hpp"
#include "park/backoff.hpp"
#include "park/contract.hpp"
#include "park/detail/lot_atomic.hpp"
#include "tuning.hpp"

namespace park {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longest_budget{1'000'000'000};

constexpr std::int64_t not_asked = -2;  // whether the environment says anything
constexpr std::int64_t nobodys = -1;    // the default counts

// In nanoseconds. relaxed throughout: a tuning value that publishes nothing.
constinit detail::lot_atomic<std::int64_t> chosen{not_asked};

void refuse(const char* text) noexcept {
  const detail::uncancelled guard;  // a write is a cancellation point
  std::fprintf(stderr,
               "park: PARK_SPIN_NS is \"%s\"; it takes whole nanoseconds from 0 to 1000000000. Using the default.\n",
               text);
}

// Of threads that come here together one decides, and complains.
std::int64_t ask_environment() noexcept {
  const char* const text = std::getenv("PARK_SPIN_NS");
  std::int64_t value = nobodys;
  bool good = true;
  if (text != nullptr) {
    const char* const end = text + std::strlen(text);
    const auto [stopped, error] = std::from_chars(text, end, value);
    good = error == std::errc() && stopped == end && text != end && value >= 0 && value <= longest_budget.count();
    if (!good) value = nobodys;
  }
  std::int64_t before = not_asked;
  if (!chosen.compare_exchange_strong(before, value, std::memory_order_relaxed)) return before;
  if (!good) refuse(text);
  return value;
}

nanoseconds budget(unsigned (*cpus)() noexcept) noexcept {
  std::int64_t value = chosen.load(std::memory_order_relaxed);
  if (value == not_asked) value = ask_environment();
  if (value != nobodys) return nanoseconds(value);
  return cpus() > 1 ? nanoseconds(detail::tuned.default_budget_ns) : nanoseconds::zero();
}

}  // namespace

nanoseconds spin_budget() noexcept { return budget(usable_cpus); }
nanoseconds detail::known_spin_budget() noexcept { return budget(known_cpus); }

void set_spin_budget(nanoseconds value) noexcept {
  if (value < nanoseconds::zero() || value > longest_budget) {
    contract_violation("set_spin_budget(budget): budget is negative or above one second");
  }
  chosen.store(value.count(), std::memory_order_relaxed);
}

}  // namespace park
