// park_soak [--minutes N] [--rounds N] [--failures N] [--seed S] [--round S] [--of FAMILY] [--only SCENARIO] [--every SECONDS]
//
// Plays randomized rounds until the minutes or the rounds are over: 1000 rounds unless told. The exit status is 0 when every invariant
// held, else 1. A round that hangs ends the program with the stacks of all threads, after PARK_TEST_SECONDS.
//
//   --failures N  ends after so many failed rounds; goes on through all of them unless told
//   --seed S      what the rounds' seeds are drawn from; a new one each time unless told
//   --round S     plays the round of this seed alone, again and again: a failure prints it. What it is depends on --of and --only
//   --of FAMILY   only what is made of these types: futex, hashed, jittery_futex, jittery_hashed; std, the control, is played only so
//   --only NAME   only this scenario, or those of one type, e.g. latch
//   --every N     prints where it is, each N seconds (30)
#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

#include "futex_calls.hpp"
#include "park/backoff.hpp"
#include "round.hpp"
#include "support/sanitizers.hpp"
#include "support/watchdog.hpp"

#if defined(PARK_TESTS_UNDER_TSAN) || defined(PARK_TESTS_UNDER_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif

namespace soak {

std::vector<scenario>& scenarios() {
  static std::vector<scenario> all;
  return all;
}

namespace {

using std::chrono::steady_clock;

struct options {
  double minutes = 0;
  std::uint64_t rounds = 0, failures = UINT64_MAX, seed = 0, round = 0;
  bool seeded = false, one_round = false;
  std::string of, only;
  double every_s = 30;
};

struct totals {
  std::uint64_t rounds = 0, operations = 0, failures = 0;
};

volatile std::uint64_t seed_now = 0;  // read by the signal handler below

// A round that ends the program says which it was.
void say_round() {
  char text[80];
  const int length = std::snprintf(text, sizeof text, "soak: in round %#" PRIx64 "\n", seed_now);
  std::fwrite(text, 1, static_cast<std::size_t>(length), stderr);
}

void say_round_and_die(int signal) {
  say_round();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void say_round_at_the_end_of_the_program() {
  for (const int signal : {SIGABRT, SIGSEGV}) std::signal(signal, say_round_and_die);
#if defined(SIGBUS)
  std::signal(SIGBUS, say_round_and_die);
#endif
#if defined(PARK_TESTS_UNDER_TSAN) || defined(PARK_TESTS_UNDER_ASAN)
  __sanitizer_set_death_callback(say_round);
#endif
}

std::vector<scenario> choose(const options& wanted) {
  std::vector<scenario> chosen;
  for (const scenario& each : scenarios()) {
    const bool of = wanted.of.empty() ? each.family != "std" : each.family == wanted.of;
    const bool named = wanted.only.empty() || each.name == wanted.only || each.name.starts_with(wanted.only + ".");
    if (of && named) chosen.push_back(each);
  }
  // In one order, in whatever order the files came: a seed is to mean the same rounds.
  std::sort(chosen.begin(), chosen.end(), [](const scenario& one, const scenario& other) {
    return std::tie(one.name, one.family) < std::tie(other.name, other.family);
  });
  return chosen;
}

void play(std::uint64_t seed, const std::vector<scenario>& among, totals& all) {
  static const unsigned cpus = std::max(1u, std::thread::hardware_concurrency());
  seed_now = seed;
  round now(seed, cpus);
  const scenario& what = among[now.draw.below(static_cast<unsigned>(among.size()))];
  const int spin_us[] = {0, 5, 25, 100};
  park::set_spin_budget(std::chrono::microseconds(spin_us[now.draw.below(4)]));
  char text[120];
  std::snprintf(text, sizeof text, "soak: round %#" PRIx64 ", %s of %s, %d threads", seed, what.name.c_str(),
                what.family.c_str(), now.threads);
  {
    const support::watch watch(text);
    what.play(now);
  }
  ++all.rounds;
  all.operations += now.operations();
  if (now.failed()) ++all.failures, std::fprintf(stderr, "%s: to play it again: --round %#" PRIx64 "\n", text, seed);
}

double minutes_since(steady_clock::time_point started) {
  return std::chrono::duration<double, std::ratio<60>>(steady_clock::now() - started).count();
}

void report(const char* what, steady_clock::time_point started, const totals& all) {
  std::printf("%s%7.2f minutes %9" PRIu64 " rounds %12" PRIu64 " operations %12" PRIu64 " futex calls %3" PRIu64
              " failures\n",
              what, minutes_since(started), all.rounds, all.operations, futex_calls(), all.failures);
  std::fflush(stdout);
}

int soak(const options& wanted) {
  const std::vector<scenario> chosen = choose(wanted);
  if (chosen.empty()) return std::fputs("soak: no scenario has that name and family\n", stderr), 2;
  std::random_device device;
  const std::uint64_t seed = wanted.seeded ? wanted.seed : std::uint64_t{device()} << 32 | device();
  std::printf("soak: seed %#" PRIx64 ", %zu scenarios\n", seed, chosen.size());
  std::fflush(stdout);
  totals all;
  const auto started = steady_clock::now();
  double reported = 0;
  const std::uint64_t rounds = wanted.rounds > 0 ? wanted.rounds : wanted.minutes > 0 ? UINT64_MAX : 1000;
  const auto goes_on = [&] {
    const bool in_time = wanted.minutes <= 0 || minutes_since(started) < wanted.minutes;
    return in_time && all.rounds < rounds && all.failures < wanted.failures;
  };
  while (goes_on()) {
    play(wanted.one_round ? wanted.round : part_of(seed, all.rounds), chosen, all);
    if (const double now = minutes_since(started); (now - reported) * 60 >= wanted.every_s)
      report("soak:", started, all), reported = now;
  }
  report("soak: done,", started, all);
  return all.failures == 0 ? 0 : 1;
}

int usage() {
  std::fputs(
      "usage: park_soak [--minutes N] [--rounds N] [--failures N] [--seed S] [--round S] [--of FAMILY] "
      "[--only SCENARIO] [--every SECONDS]\n",
      stderr);
  return 2;
}

}  // namespace
}  // namespace soak

int main(int count, char** arguments) {
  soak::options wanted;
  for (int index = 1; index < count; index += 2) {
    const std::string_view name = arguments[index];
    if (index + 1 == count) return soak::usage();
    const char* const value = arguments[index + 1];
    char* end = nullptr;
    if (name == "--of") {
      wanted.of = value;
      continue;
    }
    if (name == "--only") {
      wanted.only = value;
      continue;
    }
    if (name == "--minutes") {
      wanted.minutes = std::strtod(value, &end);
    } else if (name == "--every") {
      wanted.every_s = std::strtod(value, &end);
    } else if (name == "--rounds") {
      wanted.rounds = std::strtoull(value, &end, 0);
    } else if (name == "--failures") {
      wanted.failures = std::strtoull(value, &end, 0);
    } else if (name == "--seed") {
      wanted.seed = std::strtoull(value, &end, 0), wanted.seeded = true;
    } else if (name == "--round") {
      wanted.round = std::strtoull(value, &end, 0), wanted.one_round = true;
    } else {
      return soak::usage();
    }
    if (end == value || *end != '\0') return soak::usage();
  }
  soak::say_round_at_the_end_of_the_program();
  return soak::soak(wanted);
}
