// park::address_lot: what its own header promises beside lot.hpp.
#include "park/address_lot.hpp"

#include <gtest/gtest.h>
#include <windows.h>

#include <atomic>
#include <chrono>
#include <cstdint>

#include "park/brief_backoff.hpp"
#include "park/deadline.hpp"
#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"

namespace {

using namespace std::chrono_literals;
using park::address_lot;
using park::brief_backoff;
using park::deadline;
using std::chrono::steady_clock;
using std::chrono::system_clock;

using word_type = address_lot::atomic<std::uint32_t>;

TEST(address_lot, no_sleep_ends_in_false_which_is_for_the_next_call) {
  const word_type word(0);
  const auto where = address_lot::whole(word);
  const auto until = deadline::after(3ms);
  int sleeps = 0;
  do {
    EXPECT_TRUE(address_lot::park(where, 0, until));
    ++sleeps;
  } while (!until.passed());
  EXPECT_LT(sleeps, 20) << "its last millisecond is slept, not spun through";
  EXPECT_FALSE(address_lot::park(where, 0, until));
  EXPECT_TRUE(address_lot::park(where, 1, until)) << "the bits differ";
}

TEST(address_lot, sleeps_for_a_second_at_most_on_the_system_clock_which_may_jump) {
  const word_type word(0);
  const auto begin = steady_clock::now();
  EXPECT_TRUE(address_lot::park(address_lot::whole(word), 0, deadline::at(system_clock::now() + 24h)));
  EXPECT_GE(steady_clock::now() - begin, 500ms);
}

// Deadlines that WaitOnAddress cannot count to, in milliseconds of 32 bits: modulo 2^32 each would be over at once.
TEST(address_lot, sleeps_towards_a_deadline_that_is_months_away) {
  constexpr std::chrono::milliseconds too_many{std::int64_t{1} << 32};
  for (const auto time : {too_many, too_many - 1ms, too_many + 1ms, 1000 * too_many}) {
    word_type word(0);
    std::atomic<int> sleeps{0};
    support::crew crew(1, [&](int) {
      while (word.load() == 0) {
        ++sleeps;
        EXPECT_TRUE(address_lot::park(address_lot::whole(word), 0, deadline::after(time)));
      }
    });
    const auto enough = steady_clock::now() + 20ms;
    support::eventually([&] { return sleeps > 0 && (sleeps > 100 || steady_clock::now() >= enough); });
    EXPECT_LE(sleeps, 100) << "a time that is over at once is no sleep";
    word = 1;
    address_lot::unpark(address_lot::whole(word), 1);
  }
}

TEST(address_lot, the_last_error_stays_as_it_was) {
  const word_type word(0);
  const auto where = address_lot::whole(word);
  SetLastError(4711);
  static_cast<void>(address_lot::park(where, 0, deadline::after(1ms)));  // ERROR_TIMEOUT inside
  EXPECT_EQ(4711u, GetLastError());
  address_lot::unpark(where, 1);
  address_lot::unpark(where, park::everyone);
  EXPECT_EQ(4711u, GetLastError());
}

class brief : public testing::Test {
 protected:
  ~brief() override { park::set_spin_budget(before_); }

  static int looks() {
    int looks = 0;
    for (brief_backoff spin; spin.again();) ++looks;
    return looks;
  }

 private:
  const std::chrono::nanoseconds before_ = park::spin_budget();
};

TEST_F(brief, looks_eight_times_and_parks) {
  park::set_spin_budget(1us);
  EXPECT_EQ(8, looks());
  park::set_spin_budget(1s);
  EXPECT_EQ(8, looks()) << "the system spins by itself";
}

TEST_F(brief, does_not_look_where_the_budget_is_zero) {
  park::set_spin_budget(0ns);
  EXPECT_EQ(0, looks());
}

}  // namespace
