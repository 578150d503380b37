// Signals and the threads that park starts for itself, which are those of timers.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>

#include "park/thread.hpp"
#include "park/timer.hpp"
#include "support/child.hpp"
#include "support/lots.hpp"
#include "support/program.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

const park::timer_options own{.own_thread = true};

sigset_t blocked_here() {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return mask;
}

bool is_fault(int signal) {
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) {
    if (signal == fault) return true;
  }
  return false;
}

// SIGKILL and SIGSTOP cannot be blocked; those between 31 and SIGRTMIN are the C library's.
bool can_be_blocked(int signal) {
  return signal != SIGKILL && signal != SIGSTOP && (signal < 32 || signal >= SIGRTMIN);
}

// The first signal that a mask should have and has not, or the other way round; 0: none.
int first_wrong(const sigset_t& mask) {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    if (can_be_blocked(signal) && (sigismember(&mask, signal) == 1) == is_fault(signal)) return signal;
  }
  return 0;
}

void unblock(int signal) {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
}

template <class Lot>
class timer_signals : public testing::Test {
 protected:
  using timer_type = park::basic_timer<Lot>;

  // What is blocked where such a timer runs.
  static sigset_t blocked_in(const park::timer_options& options) {
    sigset_t mask;
    sigemptyset(&mask);
    const timer_type one(options, 0s, [&] { mask = blocked_here(); });
    one.wait();
    return mask;
  }
};
TYPED_TEST_SUITE(timer_signals, support::lots, support::by_name);

TYPED_TEST(timer_signals, are_blocked_all_but_those_of_faults) {
  EXPECT_EQ(0, first_wrong(this->blocked_in({})));
  EXPECT_EQ(0, first_wrong(this->blocked_in(own)));
}

TYPED_TEST(timer_signals, are_blocked_in_the_creator_no_more_than_before) {
  const sigset_t before = blocked_here();
  static_cast<void>(this->blocked_in({}));
  static_cast<void>(this->blocked_in(own));
  const sigset_t after = blocked_here();
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
  }
}

TYPED_TEST(timer_signals, are_blocked_in_the_child_of_a_fork_too) {
  if (support::thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer refuses threads in the child of a program that has several";
  if (!support::children_start_threads()) GTEST_SKIP() << "this emulator cannot start threads in the child of a fork";
  static_cast<void>(this->blocked_in({}));
  const support::ended ended = support::in_child([&] {
    if (first_wrong(this->blocked_in({})) != 0) support::leave(2);
    if (first_wrong(this->blocked_in(own)) != 0) support::leave(3);
  });
  EXPECT_EQ(0, ended.exit_code) << ended.output;
}

std::atomic<int> taken{0};

TYPED_TEST(timer_signals, reach_a_callable_that_unblocks_them_and_no_later_one) {
  struct sigaction action{}, before{};
  action.sa_handler = [](int) { ++taken; };
  sigaction(SIGUSR2, &action, &before);
  for (const park::timer_options& options : {park::timer_options{}, own}) {
    taken = 0;
    sigset_t later;
    sigemptyset(&later);
    int runs = 0;
    typename TestFixture::timer_type one(options, 0s, [&] {
      if (++runs == 1) {
        pthread_kill(pthread_self(), SIGUSR2);
        if (taken != 0) return;
        unblock(SIGUSR2);
      } else {
        later = blocked_here();
      }
    });
    one.wait();
    EXPECT_EQ(1, taken);
    one.restart(0s);
    one.wait();
    EXPECT_EQ(0, first_wrong(later));
  }
  sigaction(SIGUSR2, &before, nullptr);
}

// A thread that the program starts is as one of std::thread.
TYPED_TEST(timer_signals, are_for_the_threads_of_the_program_as_it_says) {
  sigset_t one, before;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &one, &before);
  sigset_t inherited;
  park::basic_thread<TypeParam>([&] { inherited = blocked_here(); }).join();
  EXPECT_EQ(1, sigismember(&inherited, SIGUSR2));
  EXPECT_EQ(0, sigismember(&inherited, SIGTERM));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// As a program does that has its timers first, and then waits for SIGTERM where it likes to.
template <class Lot>
int wait_for_sigterm(const park::timer_options& options) {
  const park::basic_timer<Lot> before(options, 1h, [] {});
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  kill(getpid(), SIGTERM);
  int seen = 0;
  return sigwait(&wanted, &seen) == 0 && seen == SIGTERM ? 0 : 2;
}

const support::program waits("timer_beside_sigterm", [] {
  int wrong = 0;
#define PARK_TESTS_WAIT(lot)                \
  wrong += wait_for_sigterm<park::lot>({}); \
  wrong += wait_for_sigterm<park::lot>(own);
  PARK_FOR_EACH_LOT(PARK_TESTS_WAIT)
#undef PARK_TESTS_WAIT
  return wrong;
});
TEST(timer_signals, go_where_the_program_waits_for_them) {
  const support::ended ended = support::run_program("timer_beside_sigterm", [] {});
  EXPECT_EQ(0, ended.signal);
  EXPECT_EQ(0, ended.exit_code) << ended.output;
}

const support::program faults("timer_with_a_fault", [] {
  struct sigaction action{};
  action.sa_handler = [](int) { _exit(5); };
  sigaction(SIGSEGV, &action, nullptr);
  void* const forbidden = mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const park::timer one(0s, [forbidden] { *static_cast<volatile char*>(forbidden) = 1; });
  one.wait();
  return 2;
});
TEST(timer_signals, of_a_fault_have_their_handler) {
  const support::ended ended = support::run_program("timer_with_a_fault", [] {});
  EXPECT_EQ(5, ended.exit_code) << ended.signal << ended.output;
}

}  // namespace
