// pthread_cancel: no wait is a cancellation point, as none of the standard's is. A wait in a thread that is cancelled ends when what it
// waits for comes, and the thread at its next cancellation point.
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <stop_token>
#include <utility>

#include "park/barrier.hpp"
#include "park/contract.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"
#include "support/child.hpp"
#include "support/lots.hpp"
#include "support/program.hpp"
#include "support/waits.hpp"

namespace {

using namespace std::chrono_literals;

// A thread that runs `work` and then comes to a cancellation point.
class cancellable {
 public:
  explicit cancellable(std::function<void()> work) : work_(std::move(work)) {
    pthread_create(&thread_, nullptr, &run, this);
  }
  cancellable(const cancellable&) = delete;
  cancellable& operator=(const cancellable&) = delete;

  void cancel() { pthread_cancel(thread_); }

  // True when the work was done, and the thread was cancelled after it.
  bool was_cancelled_afterwards() {
    void* result = nullptr;
    pthread_join(thread_, &result);
    return done_ && result == PTHREAD_CANCELED;
  }

 private:
  static void* run(void* self) {
    auto& mine = *static_cast<cancellable*>(self);
    mine.work_();
    mine.done_ = true;
    pthread_testcancel();
    return nullptr;
  }

  const std::function<void()> work_;
  std::atomic<bool> done_{false};
  pthread_t thread_{};
};

class cancelled : public support::waiting {};
PARK_TESTS_INSTANTIATE(cancelled);

TEST_P(cancelled, before_a_wait_it_waits) {
  const auto wait = make();
  cancellable thread([&] {
    pthread_cancel(pthread_self());
    wait->wait();
  });
  until_waiting();
  wait->satisfy();
  EXPECT_TRUE(thread.was_cancelled_afterwards());
}

TEST_P(cancelled, during_a_wait_it_waits_on) {
  const auto wait = make();
  cancellable thread([&] { wait->wait(); });
  until_waiting();
  thread.cancel();
  wait->satisfy();
  EXPECT_TRUE(thread.was_cancelled_afterwards());
}

TEST_P(cancelled, during_a_timed_wait_it_waits_on) {
  const auto one = make(), other = make();
  const std::stop_source source;
  cancellable timed([&] { EXPECT_TRUE(one->wait_for(1h)); });
  cancellable stoppable([&] { EXPECT_TRUE(other->wait_for(source.get_token(), 1h)); });
  until_waiting(2);
  timed.cancel();
  stoppable.cancel();
  one->satisfy();
  other->satisfy();
  EXPECT_TRUE(timed.was_cancelled_afterwards());
  EXPECT_TRUE(stoppable.was_cancelled_afterwards());
}

TEST_P(cancelled, a_deadline_and_a_stop_end_its_waits_as_ever) {
  const auto wait = make();
  std::stop_source source;
  const int before = seen.parks;
  cancellable thread([&] {
    pthread_cancel(pthread_self());
    EXPECT_FALSE(wait->wait_for(1ms));
    EXPECT_FALSE(wait->wait(source.get_token()));
  });
  while (seen.parks < before + 1) std::this_thread::yield();
  source.request_stop();
  EXPECT_TRUE(thread.was_cancelled_afterwards());
  EXPECT_TRUE(wait->untouched());
}

// All that a process does in its first waits: what it reads of the machine, and what it has to say about PARK_SPIN_NS.
template <class Lot>
void wait_for_the_first_time() {
  park::basic_counting_semaphore<10, Lot> none(0);
  const park::basic_latch<Lot> closed(1);
  park::basic_barrier<park::detail::no_completion, Lot> two(2);
  for (int round = 0; round < 20; ++round) EXPECT_FALSE(none.try_acquire_for(100us));
  EXPECT_FALSE(closed.wait_for(100us));
  EXPECT_FALSE(two.wait_for(two.arrive(), 100us));
}

const support::program first_waits("cancelled_first_waits", [] {
  cancellable thread([] {
    pthread_cancel(pthread_self());
#define PARK_TESTS_WAIT(lot) wait_for_the_first_time<park::lot>();
    PARK_FOR_EACH_LOT(PARK_TESTS_WAIT)
#undef PARK_TESTS_WAIT
  });
  return thread.was_cancelled_afterwards() && !testing::Test::HasFailure() ? 0 : 1;
});

TEST(cancelled, before_the_first_wait_of_the_process_it_waits) {
  for (const char* const spin : {"1000", "nonsense"}) {
    const support::ended ended =
        support::run_program("cancelled_first_waits", [&] { ::setenv("PARK_SPIN_NS", spin, 1); });
    EXPECT_EQ(0, ended.exit_code) << ended.output;
  }
}

TEST(cancelled, a_violation_says_what_was_broken_all_the_same) {
  if (!support::children_start_threads()) GTEST_SKIP() << "this emulator cannot start threads in the child of a fork";
  const auto violate = [] {
    cancellable thread([] {
      pthread_cancel(pthread_self());
      park::contract_violation("the rule");
    });
    thread.was_cancelled_afterwards();
  };
  EXPECT_DEATH(violate(), "park: contract violation: the rule\n");
}

}  // namespace
