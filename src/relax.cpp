#include "relax.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "lot/features.hpp"
#include "lot/uncancelled.hpp"
#include "park/backoff.hpp"
#include "park/detail/lot_atomic.hpp"

namespace park {
namespace {

using arch::watch;
using arch::watches;

constexpr const char* polling = "poll";
constexpr int not_asked = -2;  // whether the environment says anything
constexpr int none = -1;       // spins poll

// Which of the watches. relaxed throughout: a tuning value that publishes nothing. Not a static local, whose lock a child of fork() may
// find held for ever.
constinit detail::lot_atomic<int> chosen{not_asked};

int default_watch(const arch::features& said) noexcept {
  for (int index = static_cast<int>(std::size(watches)) - 1; index >= 0; --index) {
    if (watches[index].by_default && watches[index].present(said)) return index;
  }
  return none;
}

// not_asked: there is none of that name here.
int named(std::string_view name, const arch::features& said) noexcept {
  if (name == polling) return none;
  for (int index = 0; index < static_cast<int>(std::size(watches)); ++index) {
    if (name == watches[index].name && watches[index].present(said)) return index;
  }
  return not_asked;
}

void refuse(const char* text, const arch::features& said) noexcept {
  const detail::uncancelled guard;  // a write is a cancellation point
  char known[100];
  std::size_t end = 0;
  for (const watch& each : watches) {
    if (!each.present(said)) continue;
    const int added = std::snprintf(known + end, sizeof known - end, ", %s", each.name);
    if (added > 0) end = std::min(end + static_cast<std::size_t>(added), sizeof known - 1);
  }
  std::fprintf(stderr, "park: PARK_RELAX is \"%s\"; here it takes %s%s. Using the default.\n", text, polling, known);
}

// Of threads that come here together one decides, and complains.
int ask_environment() noexcept {
  const arch::features said = detail::system_features();
  const char* const text = std::getenv("PARK_RELAX");
  const int wanted = text != nullptr ? named(text, said) : default_watch(said);
  const bool good = wanted != not_asked;
  const int value = good ? wanted : default_watch(said);
  int before = not_asked;
  if (!chosen.compare_exchange_strong(before, value, std::memory_order_relaxed)) return before;
  if (!good) refuse(text, said);
  return value;
}

}  // namespace

const watch* detail::watch_in_use() noexcept {
  int index = chosen.load(std::memory_order_relaxed);
  if (index == not_asked) index = ask_environment();
  return index == none ? nullptr : &watches[index];
}

const char* relax_in_use() noexcept {
  const watch* const used = detail::watch_in_use();
  return used != nullptr ? used->name : polling;
}

}  // namespace park
