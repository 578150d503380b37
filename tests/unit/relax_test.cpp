// PARK_RELAX: how a spin waits between two looks, each way that this CPU has; and what each of them does with a word.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "lot/features.hpp"
#include "park/arch/watch.hpp"
#include "park/futex_lot.hpp"
#include "park/hashed_lot.hpp"
#include "park/park.hpp"
#include "support/child.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/program.hpp"

namespace {

using namespace std::chrono_literals;
using park::arch::watch;

std::vector<watch> present() {
  std::vector<watch> found;
  for (const watch& each : park::arch::watches) {
    if (each.present(park::detail::system_features())) found.push_back(each);
  }
  return found;
}

// The same as system_features() says, without a system.
std::vector<std::string> names() {
  std::vector<std::string> found{"poll"};
  for (const watch& each : present()) found.emplace_back(each.name);
  return found;
}

// --- which there are

TEST(watch, is_there_where_the_system_says_so) {
  struct row {
    std::string_view name;
    park::arch::features said;  // the one bit by which Linux tells
  };
  const row rows[] = {{"wfe", {.hwcap = 1ul << 2}},                // HWCAP_EVTSTRM
                      {"wfet", {.hwcap2 = 1ul << 31}},             // HWCAP2_WFXT
                      {"wrs", {.riscv_extensions = 1ull << 48}}};  // RISCV_HWPROBE_EXT_ZAWRS
  for (const watch& each : park::arch::watches) {
    for (const row& one : rows) {
      if (one.name != each.name) continue;
      EXPECT_TRUE(each.present(one.said)) << each.name;
      EXPECT_FALSE(each.present({~one.said.hwcap, ~one.said.hwcap2, ~one.said.riscv_extensions})) << each.name;
    }
  }
}

TEST(watch, of_an_x86_is_there_where_linux_sees_it_too) {
  std::ifstream file("/proc/cpuinfo");
  std::string flags;
  while (std::getline(file, flags) && !flags.starts_with("flags")) {
  }
  flags += ' ';
  for (const watch& each : park::arch::watches) {
    const std::string_view name = each.name;
    const std::string_view flag = name == "umwait" ? " waitpkg " : name == "mwaitx" ? " mwaitx " : "";
    if (flag.empty()) continue;
    EXPECT_EQ(flags.find(flag) != flags.npos, each.present({})) << name;
  }
}

// --- one watch

constexpr std::uint64_t some_ticks = 1000;

TEST(watch, of_a_word_that_has_changed_returns) {
  const std::atomic<std::uint32_t> word{0x80000001};  // negative, to a CPU that extends signs
  for (const watch& each : present()) {
    SCOPED_TRACE(each.name);
    for (int times = 0; times < 100; ++times) each.wait(&word, 1, ~std::uint64_t{0} >> 1);
  }
}

TEST(watch, of_a_word_that_does_not_change_returns) {
  const std::atomic<std::uint32_t> word{0x80000001};
  for (const watch& each : present()) {
    SCOPED_TRACE(each.name);
    for (int times = 0; times < 100; ++times) each.wait(&word, 0x80000001, park::arch::ticks() + some_ticks);
    each.wait(&word, 0x80000001, 0);
  }
}

// A thread that watches until the word is another, which each of many writes makes it.
TEST(watch, sees_what_another_thread_writes) {
  for (const watch& each : present()) {
    SCOPED_TRACE(each.name);
    constexpr std::uint32_t rounds = 200;
    std::atomic<std::uint32_t> word{0}, answer{0};
    support::crew crew(1, [&](int) {
      for (std::uint32_t round = 0; round < rounds; ++round) {
        while (park::arch::look(&word) == round) {
          each.wait(&word, round, park::arch::ticks() + some_ticks);
          std::this_thread::yield();
        }
        answer = round + 1;
      }
    });
    for (std::uint32_t round = 0; round < rounds; ++round) {
      word = round + 1;
      support::eventually([&] { return answer == round + 1; });
    }
  }
}

// Lots differ in what an address is to them.
const void* bits(const void* where) { return where; }
const void* bits(park::hashed_lot::address where) { return where.bits(); }

template <class Lot>
void expect_halves() {
  const typename Lot::template atomic<std::uint64_t> pair{0x1111111122222222};
  const void* const low = bits(Lot::low_half(pair));
  EXPECT_EQ(0x22222222u, park::arch::look(low)) << Lot::name;
  EXPECT_EQ(0x11111111u, park::arch::look(bits(Lot::high_half(pair)))) << Lot::name;
  for (const watch& each : present()) each.wait(low, 0, ~std::uint64_t{0} >> 1);
}

TEST(watch, looks_at_the_half_that_a_lot_names) {
  expect_halves<park::futex_lot>();
  expect_halves<park::hashed_lot>();
}

// --- the choice, each in a process of its own

const support::program says_relax("says_relax", [] {
  std::printf("relax %s\n", park::relax_in_use());
  std::fflush(stdout);
  return 0;
});

std::string output_with(const char* value) {
  return support::run_program("says_relax",
                              [value] { value != nullptr ? setenv("PARK_RELAX", value, 1) : unsetenv("PARK_RELAX"); })
      .output;
}

TEST(relax, is_taken_from_the_environment) {
  for (const std::string& name : names()) EXPECT_EQ("relax " + name + "\n", output_with(name.c_str()));
}

TEST(relax, by_default_is_a_watch_that_says_so_or_polls) {
  std::string expected = "poll";
  for (const watch& each : present()) {
    if (each.by_default) expected = each.name;
  }
  EXPECT_EQ("relax " + expected + "\n", output_with(nullptr));
}

TEST(relax, that_is_not_there_is_refused_in_one_line_which_says_what_is) {
  std::vector<std::string> values{"", "x", "Poll", "poll ", "generic2"};
  for (const watch& each : park::arch::watches) {
    if (!each.present(park::detail::system_features())) values.emplace_back(each.name);
  }
  std::string known;
  for (const std::string& name : names()) known += (known.empty() ? "" : ", ") + name;
  for (const std::string& value : values) {
    EXPECT_EQ("park: PARK_RELAX is \"" + value + "\"; here it takes " + known + ". Using the default.\n" +
                  output_with(nullptr),
              output_with(value.c_str()));
  }
}

// --- spins that wait so

// Each type waits at a word or a half of one.
template <class Lot>
void exercise() {
  constexpr int rounds = 300;
  park::basic_counting_semaphore<1, Lot> ping(0), pong(0);
  park::basic_counting_semaphore<PTRDIFF_MAX, Lot> wide(0);
  park::basic_barrier<park::detail::no_completion, Lot> phase(2);
  park::basic_event<Lot> ready;
  park::basic_mutex<Lot> access;
  int guarded = 0;
  const auto count = [&] {
    const std::lock_guard hold(access);
    ++guarded;
  };
  support::crew crew(1, [&](int) {
    for (int round = 0; round < rounds; ++round) {
      ping.acquire(), pong.release(), wide.acquire(), count(), phase.arrive_and_wait();
    }
    ready.set();
  });
  for (int round = 0; round < rounds; ++round) {
    ping.release(), pong.acquire(), wide.release(), count(), phase.arrive_and_wait();
  }
  ready.wait();
  crew.join();
  const std::lock_guard hold(access);
  if (guarded != 2 * rounds) support::leave(2);
}

const support::program exercised("exercised_with_relax", [] {
#define PARK_TESTS_EXERCISE(lot) exercise<park::lot>();
  PARK_FOR_EACH_LOT(PARK_TESTS_EXERCISE)
#undef PARK_TESTS_EXERCISE
  return 0;
});

TEST(relax, of_each_kind_serves_every_wait) {
  for (const std::string& name : names()) {
    const support::ended ended =
        support::run_program("exercised_with_relax", [&] { setenv("PARK_RELAX", name.c_str(), 1); });
    EXPECT_EQ(0, ended.exit_code) << name << ": " << ended.output;
    std::cout << "ran with PARK_RELAX=" << name << "\n";
  }
}

// How many looks a spin takes at most in all, of a budget so short that it does not yield, while the word that it watches changes so often.
int most_looks(std::uint32_t changes) {
  park::set_spin_budget(400ns);
  int most = 0;
  for (int tries = 0; tries < 100; ++tries) {
    std::atomic<std::uint32_t> word{0};
    int looks = 0;
    park::backoff spin(park::deadline::never(), 1, &word);
    for (; spin.again(); ++looks) {
      if (word < changes) ++word;
    }
    spin.paid_off();
    most = std::max(most, looks);
  }
  return most;
}

const support::program looks_of_a_watch("looks_of_a_watch", [] {
  const int still = most_looks(0), changed = most_looks(1);
  std::printf("%d looks at a word that stays, %d at one that changes once\n", still, changed);
  std::fflush(stdout);
  return still == 6 && changed <= 7 ? 0 : 1;
});

// Five looks before the first watch, which lasts as long as the budget, and one after it; one more for the change.
TEST(relax, of_the_generic_kind_looks_again_only_when_the_word_has_changed) {
  const support::ended ended = support::run_program("looks_of_a_watch", [] { setenv("PARK_RELAX", "generic", 1); });
  EXPECT_EQ(0, ended.exit_code) << ended.output;
}

}  // namespace
