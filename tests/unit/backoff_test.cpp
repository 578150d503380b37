// park::backoff: how long a thread spins before it parks. The yields that it makes are counted, and can be made to look as if they had
// run somebody else.
#include "park/backoff.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "park/arch/arch.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr nanoseconds as_long_as_it_takes{-1};

thread_local int yields = 0;
thread_local nanoseconds away = as_long_as_it_takes;  // how long a yield takes

}  // namespace

// What std::this_thread::yield calls.
extern "C" int sched_yield() noexcept {
  ++yields;
  if (away == as_long_as_it_takes) return static_cast<int>(syscall(SYS_sched_yield));
  if (away == nanoseconds::zero()) return 0;  // an emulator's clock takes long to read
  const auto back = steady_clock::now() + away;
  while (steady_clock::now() < back) {
  }
  return 0;
}

namespace {

// Each test runs in a new thread, which has learnt nothing from earlier spins and whose yields run nobody, and leaves the budget as
// it was.
class backoff : public testing::Test {
 protected:
  ~backoff() override { park::set_spin_budget(before_); }

  template <class Body>
  static void in_a_new_thread(Body body) {
    // A preemption in the wrong place looks like a yield that ran somebody else, and spoils a try. So does one of the whole machine, by
    // its host, which nobody sees: but hardly five in a row.
    constexpr int most_tries = 5, most_spoiled = 1000;
    for (int tries = 1, spoiled = 0;;) {
      testing::TestPartResultArray failures;
      bool preempted = false;
      std::thread([&] {
        away = 0ns;
        using reporter = testing::ScopedFakeTestPartResultReporter;
        std::optional<reporter> kept_back;
        if (tries < most_tries && spoiled < most_spoiled)
          kept_back.emplace(reporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
        const long before = preemptions();
        body();
        preempted = preemptions() != before;
      }).join();
      if (failures.size() == 0) return;
      ++(preempted ? spoiled : tries);
    }
  }

  // Of this thread, so far.
  static long preemptions() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return used.ru_nivcsw;
  }

  // What half of them take, clocks included; from 1 us on park takes it for one that ran somebody.
  static nanoseconds yield_that_runs_nobody() {
    std::array<nanoseconds, 101> taken;
    for (nanoseconds& one : taken) {
      const auto begin = steady_clock::now();
      std::this_thread::yield();
      one = steady_clock::now() - begin;
    }
    std::nth_element(taken.begin(), taken.begin() + 50, taken.end());
    return taken[50];
  }

  // Spins to the end, in vain.
  static void lose(park::backoff spin = park::backoff()) {
    while (spin.again()) {
    }
  }

  // Finds at the first look what it waited for.
  static void win() {
    park::backoff spin;
    EXPECT_TRUE(spin.again());
    spin.paid_off();
  }

  // Whether a spin goes on after four yields. It does not count as lost, nor as one that paid off.
  static bool spins_at_length() {
    park::set_spin_budget(1s);
    const int before = yields;
    park::backoff spin;
    bool again = true;
    while (yields < before + 5 && again) again = spin.again();
    park::set_spin_budget(2us);
    return yields > before + 4;
  }

  // How many looks a spin takes before a yield of that length, behind which it finds what it waited for.
  static int looks_before_yield(nanoseconds length) {
    park::set_spin_budget(1s);
    away = length;
    const int before = yields;
    int looks = 0;
    park::backoff spin;
    while (yields == before && spin.again()) ++looks;
    if (yields > before) spin.paid_off();
    return looks;
  }

 private:
  const nanoseconds before_ = park::spin_budget();
};

TEST_F(backoff, with_a_budget_of_zero_parks_at_once) {
  park::set_spin_budget(0ns);
  park::backoff spin;
  EXPECT_FALSE(spin.again());
  EXPECT_FALSE(spin.again());
}

// Both kinds of looks are timed by the same clock, and fewer of them where the machine is busy.
TEST_F(backoff, where_others_fight_for_the_word_looks_are_a_microsecond_apart) {
  in_a_new_thread([] {
    park::set_spin_budget(200us);
    const auto begin = steady_clock::now();
    park::backoff spin;
    spin.look_seldom();
    int looks = 0;
    while (spin.again()) ++looks;
    const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin);
    EXPECT_LE(2, looks);
    EXPECT_GE(6 + 2 * taken.count(), looks);  // four at once, and one more at each look at the clock
  });
}

TEST_F(backoff, budget_can_be_replaced) {
  park::set_spin_budget(1234ns);
  EXPECT_EQ(1234ns, park::spin_budget());
  park::set_spin_budget(1s);
  EXPECT_EQ(1s, park::spin_budget());
}

TEST_F(backoff, a_new_budget_is_for_spins_that_begin_later) {
  in_a_new_thread([] {
    park::set_spin_budget(1s);
    park::backoff spin;
    EXPECT_TRUE(spin.again());
    park::set_spin_budget(0ns);
    EXPECT_TRUE(spin.again());
    EXPECT_FALSE(park::backoff().again());
  });
}

TEST_F(backoff, a_budget_of_one_nanosecond_is_legal) {
  in_a_new_thread([] {
    park::set_spin_budget(1ns);
    lose();
  });
}

TEST_F(backoff, spins_no_shorter_than_its_budget_where_yields_run_nobody) {
  in_a_new_thread([] {
    park::set_spin_budget(500us);
    // Three tries: a yield may well run somebody else here, and four of them end a spin.
    for (int tries = 0; tries < 1000; ++tries) {
      const auto begin = steady_clock::now();
      park::backoff spin;
      while (spin.again()) {
      }
      spin.paid_off();
      if (steady_clock::now() - begin >= 500us) return;
    }
    if (yield_that_runs_nobody() > 500ns)
      GTEST_SKIP() << "clocks are read so slowly here that a yield which runs nobody looks like one that ran somebody";
    ADD_FAILURE() << "no spin in a thousand took its budget";
  });
}

TEST_F(backoff, yields_only_after_half_a_microsecond) {
  in_a_new_thread([] {
    park::set_spin_budget(1s);
    const auto begin = steady_clock::now();
    park::backoff spin;
    while (yields == 0 && spin.again()) {
    }
    EXPECT_GE(steady_clock::now() - begin, 500ns);
    EXPECT_EQ(1, yields);
  });
}

TEST_F(backoff, gives_up_after_four_yields_that_ran_somebody_else) {
  in_a_new_thread([] {
    park::set_spin_budget(1s);
    away = 100us;
    lose();
    EXPECT_EQ(4, yields);
  });
}

TEST_F(backoff, gives_up_after_four_budgets_yields_included) {
  in_a_new_thread([] {
    park::set_spin_budget(50us);
    away = 220us;
    lose();
    EXPECT_LE(yields, 1);
  });
}

// CPU time is what a spin costs; the time on the wall depends on who else runs.
nanoseconds cpu_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

TEST_F(backoff, spins_no_longer_than_the_wait_may_last) {
  in_a_new_thread([] {
    park::set_spin_budget(1s);
    const auto begin = cpu_time();
    lose(park::backoff(park::deadline::after(1ms)));
    EXPECT_LT(cpu_time() - begin, 500ms);
    EXPECT_FALSE(park::backoff(park::deadline::after(0s)).again());
    EXPECT_FALSE(park::backoff(park::deadline::at(steady_clock::now() - 1h)).again());
  });
}

TEST_F(backoff, after_four_losses_in_a_row_the_next_32_spins_end_after_a_few_polls) {
  in_a_new_thread([] {
    park::set_spin_budget(2us);
    for (int losses = 0; losses < 4; ++losses) {
      EXPECT_TRUE(spins_at_length()) << "after " << losses << " losses";
      lose();
    }
    for (int spared = 0; spared < 32; ++spared) EXPECT_FALSE(spins_at_length()) << "spin " << spared << " of 32";
    EXPECT_TRUE(spins_at_length());
  });
}

TEST_F(backoff, so_do_32_after_each_further_loss) {
  in_a_new_thread([] {
    park::set_spin_budget(2us);
    for (int losses = 0; losses < 3; ++losses) lose();
    for (int further = 0; further < 3; ++further) {
      EXPECT_TRUE(spins_at_length());
      lose();
      for (int spared = 0; spared < 32; ++spared) EXPECT_FALSE(spins_at_length()) << "spin " << spared << " of 32";
    }
    EXPECT_TRUE(spins_at_length());
  });
}

TEST_F(backoff, a_spin_that_paid_off_breaks_the_row_of_losses) {
  in_a_new_thread([] {
    park::set_spin_budget(2us);
    for (int round = 0; round < 5; ++round) {
      for (int losses = 0; losses < 3; ++losses) lose();
      win();
    }
    EXPECT_TRUE(spins_at_length());
  });
}

TEST_F(backoff, a_spin_that_paid_off_ends_that) {
  in_a_new_thread([] {
    park::set_spin_budget(2us);
    for (int losses = 0; losses < 6; ++losses) lose();
    EXPECT_FALSE(spins_at_length());
    win();
    EXPECT_TRUE(spins_at_length());
  });
}

TEST_F(backoff, a_spin_that_paid_off_counts_as_lost_if_its_yields_outlasted_the_budget) {
  in_a_new_thread([] {
    for (int round = 0; round < 4; ++round) {
      EXPECT_TRUE(spins_at_length()) << "after " << round << " of them";
      park::set_spin_budget(50us);
      away = 60us;
      const int before = yields;
      park::backoff spin;
      while (yields == before && spin.again()) {
      }
      spin.paid_off();
      away = 0us;
    }
    EXPECT_FALSE(spins_at_length());
  });
}

TEST_F(backoff, what_one_thread_has_learnt_is_nothing_to_another) {
  park::set_spin_budget(2us);
  in_a_new_thread([] {
    for (int losses = 0; losses < 6; ++losses) lose();
    EXPECT_FALSE(spins_at_length());
  });
  in_a_new_thread([] { EXPECT_TRUE(spins_at_length()); });
}

TEST_F(backoff, yields_at_once_and_four_times_where_more_wait_than_there_are_cpus) {
  in_a_new_thread([] {
    park::set_spin_budget(1s);
    park::backoff spin(park::deadline::never(), park::usable_cpus() + 1);
    EXPECT_TRUE(spin.again());
    EXPECT_EQ(1, yields);
    lose(spin);
    EXPECT_EQ(4, yields);
  });
}

TEST_F(backoff, polls_where_no_more_wait_than_there_are_cpus) {
  in_a_new_thread([] {
    park::set_spin_budget(1s);
    park::backoff spin(park::deadline::never(), park::usable_cpus());
    EXPECT_TRUE(spin.again());
    EXPECT_EQ(0, yields);
  });
}

TEST_F(backoff, yields_almost_at_once_after_four_spins_that_ended_behind_a_foreign_yield) {
  in_a_new_thread([] {
    for (int round = 0; round < 4; ++round) {
      EXPECT_LE(8, looks_before_yield(20us)) << "after " << round << " of them";
    }
    EXPECT_GE(4, looks_before_yield(20us));
  });
}

TEST_F(backoff, polls_again_once_a_yield_ran_nobody) {
  in_a_new_thread([] {
    for (int round = 0; round < 4; ++round) looks_before_yield(20us);
    EXPECT_GE(4, looks_before_yield(0us));
    EXPECT_LE(8, looks_before_yield(0us));
  });
}

TEST_F(backoff, polls_again_once_a_spin_paid_off_without_a_yield) {
  in_a_new_thread([] {
    for (int round = 0; round < 4; ++round) looks_before_yield(20us);
    win();
    EXPECT_LE(8, looks_before_yield(0us));
  });
}

TEST_F(backoff, does_not_yield_in_32_spins_after_a_yield_that_ran_a_program_for_long) {
  in_a_new_thread([] {
    park::set_spin_budget(20us);
    away = 100us;
    lose();
    EXPECT_EQ(1, yields);
    for (int spins = 0; spins < 32; ++spins) lose();
    EXPECT_EQ(1, yields);
    away = 0us;
    lose();
    EXPECT_LT(1, yields);
  });
}

// Threads that yield to each other never leave a CPU; a wake may move one of them.
TEST_F(backoff, parks_now_and_then_where_yields_pay_off) {
  in_a_new_thread([] {
    int parked = 0;
    for (int spins = 0; spins < 1500; ++spins) parked += looks_before_yield(2us) == 0 ? 1 : 0;
    EXPECT_EQ(2, parked);
  });
}

}  // namespace
