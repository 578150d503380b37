// bench::platform's counter of system calls: exact, and zero where there are none. In child processes, since a counter cannot be
// removed.
#include "platform/system_call_counter.hpp"

#include <gtest/gtest.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "park/park.hpp"
#include "support/child.hpp"

namespace {

namespace platform = bench::platform;

constexpr int unsupported_here = 77;

void wake_nobody() {
  static std::uint32_t word = 0;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

// `body` makes so many calls in a child whose calls are counted.
void expect_calls(std::uint64_t all, std::uint64_t futex, const std::function<void()>& body) {
  const support::ended child = support::in_child([&] {
    try {
      platform::install_system_call_counter();
    } catch (const std::runtime_error& error) {
      std::cout << error.what() << std::endl;
      support::leave(unsupported_here);
    }
    const platform::system_calls before = platform::counted_system_calls().value();
    body();
    const platform::system_calls after = platform::counted_system_calls().value();
    std::cout << after.all - before.all << " calls, of them futex " << after.futex - before.futex << std::endl;
    support::leave(after.all - before.all == all && after.futex - before.futex == futex ? 0 : 1);
  });
  if (child.exit_code == unsupported_here) GTEST_SKIP() << "the system does not allow it: " << child.output;
  EXPECT_EQ(0, child.exit_code) << child.output;
}

TEST(system_call_counter, is_empty_before_it_is_installed) { EXPECT_FALSE(platform::counted_system_calls()); }

TEST(system_call_counter, a_known_number_of_futex_calls_is_counted_exactly) {
  expect_calls(1000, 1000, [] {
    const platform::counted_section counted;
    for (int call = 0; call < 1000; ++call) wake_nobody();
  });
}

TEST(system_call_counter, other_calls_are_told_from_futex_calls) {
  expect_calls(17, 7, [] {
    const platform::counted_section counted;
    for (int call = 0; call < 10; ++call) syscall(SYS_getppid);
    for (int call = 0; call < 7; ++call) wake_nobody();
  });
}

TEST(system_call_counter, nothing_is_counted_outside_a_section_or_in_an_uncounted_one) {
  expect_calls(2, 2, [] {
    wake_nobody();
    {
      const platform::counted_section counted;
      wake_nobody();
      {
        const platform::uncounted_section harness;
        wake_nobody();
      }
      wake_nobody();
    }
    wake_nobody();
    const platform::uncounted_section harness;
    wake_nobody();
  });
}

TEST(system_call_counter, calls_keep_their_results) {
  expect_calls(2, 1, [] {
    const long parent = syscall(SYS_getppid);
    const platform::counted_section counted;
    if (syscall(SYS_getppid) != parent) support::leave(2);
    std::uint32_t word = 1;
    if (syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0) != -1 || errno != EAGAIN)
      support::leave(3);
  });
}

TEST(system_call_counter, counts_each_thread_in_its_own_section) {
  expect_calls(200, 200, [] {
    std::thread counted([] {
      const platform::counted_section section;
      for (int call = 0; call < 200; ++call) wake_nobody();
    });
    for (int call = 0; call < 50; ++call) wake_nobody();
    counted.join();
  });
}

TEST(system_call_counter, is_zero_for_a_million_uncontended_pairs) {
  expect_calls(0, 0, [] {
    const platform::counted_section counted;
    park::counting_semaphore<> semaphore(0);
    park::barrier<> barrier(1);
    for (int pair = 0; pair < 1'000'000; ++pair) {
      semaphore.release();
      semaphore.acquire();
      park::latch latch(1);
      latch.count_down();
      latch.wait();
      barrier.arrive_and_wait();
    }
  });
}

}  // namespace
