// park::futex_lot: which system calls it makes, futex calls other than the expected one ending the child they are made in; and where
// requeue() leaves those who sleep.
#include "park/futex_lot.hpp"

#include <gtest/gtest.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>

#include "park/deadline.hpp"
#include "support/asleep.hpp"
#include "support/child.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/mapped.hpp"
#include "support/requeuing.hpp"
#include "support/system_calls.hpp"

namespace {

using namespace std::chrono_literals;
using park::deadline;
using park::futex_lot;

constexpr int plain_wait = FUTEX_WAIT | FUTEX_PRIVATE_FLAG;
constexpr int wait_on_steady_clock = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;
constexpr int wait_on_system_clock = wait_on_steady_clock | FUTEX_CLOCK_REALTIME;
constexpr int move = FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG;

using word_type = futex_lot::atomic<std::uint32_t>;

constexpr const char* by_wait_alone =
    "this is the lot of PARK_REQUEUE=OFF, which has neither the operation nor the test";

// How a child ends that parks until `until` where only `operation` is answered, as a timeout.
support::ended park_where_only(int operation, deadline until) {
  return support::with_futex_operation(operation, ETIMEDOUT, [&] {
    static const word_type word{0};
    support::leave(futex_lot::park(futex_lot::whole(word), 0, until) ? 1 : 0);
  });
}

TEST(futex_lot, waits_on_the_monotonic_clock_and_privately) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  if (!support::library_requeues()) GTEST_SKIP() << by_wait_alone;
  EXPECT_EQ(0, park_where_only(wait_on_steady_clock, deadline::after(1h)).exit_code);
  EXPECT_EQ(SIGSYS, park_where_only(wait_on_system_clock, deadline::after(1h)).signal);
}

TEST(futex_lot, waits_for_the_system_clock_on_the_realtime_clock_which_follows_its_jumps) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  if (!support::library_requeues()) GTEST_SKIP() << by_wait_alone;
  EXPECT_EQ(0, park_where_only(wait_on_system_clock, deadline::at(std::chrono::system_clock::now() + 1h)).exit_code);
  EXPECT_EQ(SIGSYS, park_where_only(wait_on_steady_clock, deadline::at(std::chrono::system_clock::now() + 1h)).signal);
}

// That way of waiting, in a child that may make no other futex call, or that is refused the other.
void expect_plain_waits(const std::function<support::ended(const std::function<void()>&)>& in_child) {
  const auto exit_of = [&](std::uint32_t value, deadline until) {
    return in_child([value, until] {
             static const word_type word{0};
             support::leave(futex_lot::park(futex_lot::whole(word), value, until) ? 1 : 0);
           })
        .exit_code;
  };
  EXPECT_EQ(0, exit_of(0, deadline::after(1ms)));
  EXPECT_EQ(0, exit_of(0, deadline::at(std::chrono::system_clock::now() + 1ms)));
  EXPECT_EQ(0, exit_of(0, deadline::after(0s)));
  EXPECT_EQ(1, exit_of(1, deadline::never()));
  EXPECT_EQ(1, exit_of(1, deadline::after(1h)));
}

TEST(futex_lot, where_it_may_wait_and_wake_only_waits_for_a_time_from_now) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  if (support::library_requeues()) GTEST_SKIP() << "this is the lot of PARK_REQUEUE=ON";
  expect_plain_waits([](const auto& body) { return support::with_no_futex_operations_but({plain_wait}, body); });
}

TEST(futex_lot, where_the_kernel_refuses_to_wait_until_a_time_waits_for_a_time_from_now) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  for (const int error : {EPERM, ENOSYS}) {
    expect_plain_waits([error](const auto& body) {
      return support::in_child([&] {
        support::refuse_futex_operation(wait_on_steady_clock, error);
        support::refuse_futex_operation(wait_on_system_clock, error);
        body();
      });
    });
  }
}

// A wait that is refused but sleeps nevertheless is woken as any other; one on the system clock looks at that each second.
TEST(futex_lot, where_the_kernel_refuses_to_wait_until_a_time_sleeps_until_it_is_woken) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  for (const deadline until : {deadline::never(), deadline::after(1h)}) {
    const word_type word{0};
    std::atomic<support::thread_id> sleeper{support::no_thread};
    std::atomic<bool> over{false};
    support::crew crew(1, [&](int) {
      support::refuse_futex_operation(wait_on_steady_clock, EPERM);
      sleeper = support::this_thread();
      EXPECT_TRUE(futex_lot::park(futex_lot::whole(word), 0, until));
      over = true;
    });
    support::eventually([&] { return sleeper != support::no_thread && support::asleep(sleeper); });
    futex_lot::unpark(futex_lot::whole(word), 1);
    support::eventually([&] { return over.load(); });
  }
}

TEST(futex_lot, wakes_privately) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  const auto child = support::with_futex_operation(FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 0, [] {
    static const word_type word{0};
    futex_lot::unpark(futex_lot::whole(word), 1);
  });
  EXPECT_EQ(0, child.exit_code);
}

// As the kernel answers where the value differs. A wake would end the child.
TEST(futex_lot, requeues_privately_and_wakes_nobody_where_the_value_differs) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  if (!support::library_requeues()) GTEST_SKIP() << by_wait_alone;
  const auto child = support::with_futex_operation(move, EAGAIN, [] {
    static const word_type from{0}, to{0};
    futex_lot::requeue(futex_lot::whole(from), 1, futex_lot::whole(to));
  });
  EXPECT_EQ(0, child.exit_code);
}

// Threads that sleep at `from`, all until they are woken.
class futex_lot_requeue : public testing::Test {
 protected:
  void SetUp() override {
    if (!support::library_requeues()) GTEST_SKIP() << by_wait_alone;
  }
  ~futex_lot_requeue() override {
    for (const word_type* word : {&from, &to}) futex_lot::unpark(futex_lot::whole(*word), park::everyone);
  }

  // Returns once so many more sleep there.
  void park(int sleepers) {
    const int before = asleep_at(from);
    for (int each = 0; each < sleepers; ++each) {
      crew_.add([this] {
        EXPECT_TRUE(futex_lot::park(futex_lot::whole(from), 0, deadline::never()));
        ++woken;
      });
    }
    support::eventually([&] { return asleep_at(from) == before + sleepers; });
  }

  void requeue() { futex_lot::requeue(futex_lot::whole(from), 0, futex_lot::whole(to)); }

  // The kernel counts those whom it moves, here to where they are.
  static int asleep_at(const word_type& word) {
    const std::uint32_t value = word.load(std::memory_order_relaxed);
    return static_cast<int>(::syscall(SYS_futex, &word, move, 0, park::everyone, &word, value));
  }

  word_type from{0}, to{0};
  std::atomic<int> woken{0};

 private:
  support::crew crew_;
};

TEST_F(futex_lot_requeue, moves_all_who_are_parked_there_and_nobody_who_comes_later) {
  park(3);
  requeue();
  EXPECT_EQ(0, asleep_at(from));
  EXPECT_EQ(3, asleep_at(to));
  park(1);
  EXPECT_EQ(1, asleep_at(from));
  EXPECT_EQ(3, asleep_at(to));
  EXPECT_EQ(0, woken);
}

TEST_F(futex_lot_requeue, where_the_value_differs_moves_nobody_and_wakes_nobody) {
  park(2);
  from = 1;
  requeue();
  EXPECT_EQ(2, asleep_at(from));
  EXPECT_EQ(0, asleep_at(to));
}

TEST_F(futex_lot_requeue, who_was_moved_is_woken_at_the_second_word_and_not_at_the_first) {
  park(3);
  requeue();
  futex_lot::unpark(futex_lot::whole(from), park::everyone);
  EXPECT_EQ(3, asleep_at(to));
  futex_lot::unpark(futex_lot::whole(to), 1);
  EXPECT_EQ(2, asleep_at(to));
  support::eventually([this] { return woken == 1; });
  futex_lot::unpark(futex_lot::whole(to), park::everyone);
  support::eventually([this] { return woken == 3; });
}

TEST_F(futex_lot_requeue, who_was_moved_keeps_its_deadline) {
  std::atomic<bool> over{false};
  support::crew crew(1, [&](int) {
    EXPECT_FALSE(futex_lot::park(futex_lot::whole(from), 0, deadline::after(20ms)));
    over = true;
  });
  support::eventually([&] { return asleep_at(from) == 1 || over; });
  requeue();
  support::eventually([&] { return over.load(); });
}

TEST_F(futex_lot_requeue, does_not_touch_the_second_word) {
  support::mapped<word_type> gone(0u);
  const futex_lot::address where = futex_lot::whole(*gone.operator->());
  gone.vanish();
  park(2);
  futex_lot::requeue(futex_lot::whole(from), 0, where);
  EXPECT_EQ(0, asleep_at(from));
  EXPECT_EQ(0, woken);
  futex_lot::unpark(where, park::everyone);
  support::eventually([this] { return woken == 2; });
}

TEST_F(futex_lot_requeue, wakes_all_where_the_kernel_refuses_to_move_them) {
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  for (const int error : {EPERM, ENOSYS}) {
    woken = 0;
    park(3);
    support::crew(1, [this, error](int) {
      support::refuse_futex_operation(move, error);
      requeue();
    });
    support::eventually([this] { return woken == 3; });
    EXPECT_EQ(0, asleep_at(to));
  }
}

// PARK_REQUEUE=OFF: all are woken, as where the kernel refuses.
TEST(futex_lot, where_it_may_wait_and_wake_only_wakes_those_whom_it_would_move) {
  if (support::library_requeues()) GTEST_SKIP() << "this is the lot of PARK_REQUEUE=ON";
  const word_type from{0}, to{0};
  std::atomic<int> woken{0};
  support::crew crew(3, [&](int) {
    futex_lot::park(futex_lot::whole(from), 0, deadline::never());
    ++woken;
  });
  support::eventually([&] {
    futex_lot::requeue(futex_lot::whole(from), 0, futex_lot::whole(to));
    return woken == 3;
  });
}

TEST_F(futex_lot_requeue, leaves_errno_as_it_was) {
  const auto expect_kept = [this] {
    errno = EDOM;
    requeue();
    EXPECT_EQ(EDOM, errno);
  };
  expect_kept();
  from = 1;
  expect_kept();
  if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
  support::crew(1, [&](int) {
    support::refuse_futex_operation(move, EPERM);
    expect_kept();
  });
}

}  // namespace
