// park::parking_lot: what a lot promises, over every lot.
#include "park/lot.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/mapped.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;
using park::deadline;
using std::chrono::steady_clock;

template <class Lot>
class lot : public testing::Test {
 protected:
  using word_type = typename Lot::template atomic<std::uint32_t>;
  using pair_type = typename Lot::template atomic<std::uint64_t>;

  // Parks until the time is over. A lot that cannot know whether a sleep was ended by time alone says true, and false when it is asked again.
  static bool sleeps_out(typename Lot::address where, std::uint32_t value, deadline until) {
    while (Lot::park(where, value, until)) {
      if (!until.passed()) return false;
    }
    return true;
  }

  // Parks `sleepers` threads at `where` for a short while and calls unpark(where, count) once; returns how many that woke. Some may
  // not have been asleep in time.
  static int woken_by_one_unpark(typename Lot::address where, int sleepers, std::uint32_t count) {
    std::atomic<int> woken{0}, about_to_park{0};
    support::crew crew(sleepers, [&](int) {
      const auto until = deadline::after(10ms);
      ++about_to_park;
      woken += sleeps_out(where, 0, until) ? 0 : 1;
    });
    support::eventually([&] { return about_to_park == sleepers; });
    const auto soon = steady_clock::now() + 2ms;  // gives them time to fall asleep; if it is too short, nobody is woken
    support::eventually([&] { return steady_clock::now() >= soon; });
    Lot::unpark(where, count);
    crew.join();
    return woken;
  }
};
TYPED_TEST_SUITE(lot, support::lots, support::by_name);

TYPED_TEST(lot, park_returns_at_once_where_the_bits_differ) {
  const typename TestFixture::word_type word(7);
  EXPECT_TRUE(TypeParam::park(TypeParam::whole(word), 6, deadline::never()));
}

TYPED_TEST(lot, a_half_is_compared_alone) {
  const typename TestFixture::pair_type pair(0x1111'1111'2222'2222);
  EXPECT_TRUE(TypeParam::park(TypeParam::low_half(pair), 0x1111'1111, deadline::never()));
  EXPECT_TRUE(TypeParam::park(TypeParam::high_half(pair), 0x2222'2222, deadline::never()));
  EXPECT_TRUE(this->sleeps_out(TypeParam::low_half(pair), 0x2222'2222, deadline::after(1ms)));
  EXPECT_TRUE(this->sleeps_out(TypeParam::high_half(pair), 0x1111'1111, deadline::after(1ms)));
}

TYPED_TEST(lot, addresses_are_equal_for_the_same_bits_only) {
  const typename TestFixture::pair_type pair(0), other(0);
  EXPECT_TRUE(TypeParam::low_half(pair) == TypeParam::low_half(pair));
  EXPECT_FALSE(TypeParam::low_half(pair) == TypeParam::high_half(pair));
  EXPECT_FALSE(TypeParam::low_half(pair) == TypeParam::low_half(other));
}

TYPED_TEST(lot, park_is_false_when_the_deadline_has_passed_and_not_before) {
  const typename TestFixture::word_type word(0);
  const auto where = TypeParam::whole(word);
  const auto steady = steady_clock::now() + 3ms;
  EXPECT_TRUE(this->sleeps_out(where, 0, deadline::at(steady)));
  EXPECT_GE(steady_clock::now(), steady);
  const auto system = std::chrono::system_clock::now() + 3ms;
  EXPECT_TRUE(this->sleeps_out(where, 0, deadline::at(system)));
  EXPECT_GE(std::chrono::system_clock::now(), system);
  EXPECT_TRUE(this->sleeps_out(where, 0, deadline::after(0s)));
  EXPECT_TRUE(this->sleeps_out(where, 0, deadline::at(std::chrono::system_clock::time_point())));
}

TYPED_TEST(lot, an_unpark_after_the_change_is_never_missed) {
  const int rounds = support::scaled(4000);
  typename TestFixture::word_type turn(0);
  support::crew crew(2, [&](int self) {
    const auto mine = static_cast<std::uint32_t>(self);
    for (int round = 0; round < rounds; ++round) {
      while (turn.load(std::memory_order_acquire) != mine)
        TypeParam::park(TypeParam::whole(turn), 1 - mine, deadline::never());
      turn.store(1 - mine, std::memory_order_release);
      TypeParam::unpark(TypeParam::whole(turn), 1);
    }
  });
}

TYPED_TEST(lot, unpark_wakes_at_most_count) {
  const typename TestFixture::word_type word(0);
  const auto where = TypeParam::whole(word);
  for (const std::uint32_t count : {1u, 2u}) {
    int woken = 0;
    while (woken == 0) woken = this->woken_by_one_unpark(where, 3, count);
    EXPECT_LE(woken, static_cast<int>(count));
  }
}

TYPED_TEST(lot, unpark_of_none_wakes_nobody) {
  const typename TestFixture::word_type word(0);
  for (int round = 0; round < 3; ++round) EXPECT_EQ(0, this->woken_by_one_unpark(TypeParam::whole(word), 1, 0));
}

TYPED_TEST(lot, unpark_of_everyone_wakes_everyone) {
  const typename TestFixture::word_type word(0);
  while (this->woken_by_one_unpark(TypeParam::whole(word), 4, park::everyone) < 4) {
  }
}

TYPED_TEST(lot, halves_of_one_word_are_two_places) {
  const typename TestFixture::pair_type pair(0);
  std::atomic<bool> about_to_park{false};
  support::crew crew(1, [&](int) {
    about_to_park = true;
    EXPECT_TRUE(this->sleeps_out(TypeParam::low_half(pair), 0, deadline::after(5ms)));
  });
  support::eventually([&] { return about_to_park.load(); });
  for (int round = 0; round < 1000; ++round) TypeParam::unpark(TypeParam::high_half(pair), park::everyone);
}

// More words than any table has buckets: some share one with the sleeper's.
TYPED_TEST(lot, unpark_elsewhere_wakes_nobody) {
  auto words = std::make_unique<std::array<typename TestFixture::pair_type, 1000>>();
  std::atomic<bool> about_to_park{false};
  support::crew crew(1, [&](int) {
    about_to_park = true;
    EXPECT_TRUE(this->sleeps_out(TypeParam::low_half(words->front()), 0, deadline::after(5ms)));
  });
  support::eventually([&] { return about_to_park.load(); });
  for (std::size_t each = 1; each < words->size(); ++each)
    TypeParam::unpark(TypeParam::low_half((*words)[each]), park::everyone);
}

TYPED_TEST(lot, unpark_where_nobody_is_parked_does_nothing) {
  const typename TestFixture::word_type word(0);
  TypeParam::unpark(TypeParam::whole(word), 1);
  EXPECT_TRUE(this->sleeps_out(TypeParam::whole(word), 0, deadline::after(1ms)));
}

TYPED_TEST(lot, unpark_of_a_word_that_no_longer_exists_is_legal) {
  support::mapped<typename TestFixture::word_type> word(0u);
  const auto where = TypeParam::whole(*word.operator->());
  word.vanish();
  TypeParam::unpark(where, park::everyone);
}

TYPED_TEST(lot, errno_stays_as_it_was) {
  const typename TestFixture::word_type word(0);
  errno = EDOM;
  EXPECT_TRUE(this->sleeps_out(TypeParam::whole(word), 0, deadline::after(1ms)));
  EXPECT_EQ(EDOM, errno);
  TypeParam::unpark(TypeParam::whole(word), 1);
  EXPECT_EQ(EDOM, errno);
}

// One unpark for two sleepers, as the time of the first runs out. If it is told that it was woken, it passes the wake on; if it is
// told that it was not, the wake must have gone to the other, who sleeps for ever without it.
TYPED_TEST(lot, no_unpark_is_spent_on_a_thread_that_is_told_it_timed_out) {
  const int rounds = support::scaled(1000);
  for (int round = 0; round < rounds; ++round) {
    typename TestFixture::word_type word(0);
    const auto where = TypeParam::whole(word);
    std::atomic<int> started{0};
    const auto until = steady_clock::now() + std::chrono::microseconds(150);
    support::crew crew(1, [&](int) {
      ++started;
      while (word.load(std::memory_order_acquire) == 0) {
        if (!TypeParam::park(where, 0, deadline::at(until))) return;
      }
      TypeParam::unpark(where, 1);
    });
    crew.add([&] {
      ++started;
      while (word.load(std::memory_order_acquire) == 0) TypeParam::park(where, 0, deadline::never());
    });
    support::eventually([&] { return started == 2; });
    const auto about_then = until + std::chrono::microseconds(round % 80);
    while (steady_clock::now() < about_then) {
    }
    word.store(1, std::memory_order_release);
    TypeParam::unpark(where, 1);
  }
}

}  // namespace
