// The release side in a signal handler: on the futex lot all that does not wait is async-signal-safe. The portable lot takes locks: a handler
// that interrupts their holder would wait for itself.
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "park/barrier.hpp"
#include "park/bounded_semaphore.hpp"
#include "park/countdown_latch.hpp"
#include "park/cyclic_barrier.hpp"
#include "park/event.hpp"
#include "park/futex_lot.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"
#include "support/signals.hpp"

namespace {

constinit std::atomic<int> completions{0};

struct count_completions {
  void operator()() const noexcept { ++completions; }
};

// The primitives over a lot.
template <class Lot>
struct over {
  using semaphore = park::basic_counting_semaphore<0x7fffffff, Lot>;
  using wide_semaphore = park::basic_counting_semaphore<PTRDIFF_MAX, Lot>;
  using bounded_semaphore = park::basic_bounded_semaphore<Lot>;
  using latch = park::basic_latch<Lot>;
  using countdown_latch = park::basic_countdown_latch<Lot>;
  using cyclic_barrier = park::basic_cyclic_barrier<park::detail::no_completion, Lot>;
  using event = park::basic_event<Lot>;
  using barrier = park::basic_barrier<park::detail::no_completion, Lot>;
  using completing_barrier = park::basic_barrier<count_completions, Lot>;
};

// A handler that does what the thread that it interrupts is doing, between any two of its steps on the object: the thread raises the signal
// itself, after its first atomic access, then in another try after the second, and so on.
class interrupted_operation : public support::observing<park::futex_lot>,
                              public over<support::observed_lot<park::futex_lot>> {
 protected:
  interrupted_operation() {
    support::handle_interruptions([](int) { (*in_handler)(); });
  }
  ~interrupted_operation() override { in_handler = nullptr; }

  // Calls operation() with an interruption by another operation() after each access, once; `check` after each pair of them.
  template <class Prepare>
  void interrupt_each_step(Prepare prepare) {
    for (int accesses = 1;; ++accesses) {
      const auto operation_and_check = prepare();
      const std::function<void()> operation = operation_and_check.first;
      in_handler = &operation;
      raise_after(accesses);
      operation();
      if (support::after_next_access) {  // it does not have so many
        support::after_next_access = nullptr;
        EXPECT_GT(accesses, 1);
        return;
      }
      operation_and_check.second();
    }
  }

  static void raise_after(int accesses) {
    support::after_next_access = [accesses] {
      if (accesses > 1) {
        raise_after(accesses - 1);
      } else {
        std::raise(SIGUSR1);
      }
    };
  }

  static inline const std::function<void()>* in_handler = nullptr;
};

TEST_F(interrupted_operation, release) {
  interrupt_each_step([] {
    auto it = std::make_shared<semaphore>(0);
    return std::pair([it] { it->release(); }, [it] { EXPECT_EQ(2, it->available()); });
  });
}

TEST_F(interrupted_operation, release_of_a_wide_semaphore) {
  interrupt_each_step([] {
    auto it = std::make_shared<wide_semaphore>(0);
    return std::pair([it] { it->release(); }, [it] { EXPECT_EQ(2, it->available()); });
  });
}

TEST_F(interrupted_operation, try_acquire) {
  interrupt_each_step([] {
    auto it = std::make_shared<semaphore>(3);
    return std::pair([it] { EXPECT_TRUE(it->try_acquire()); }, [it] { EXPECT_EQ(1, it->available()); });
  });
}

TEST_F(interrupted_operation, try_acquire_of_a_wide_semaphore) {
  interrupt_each_step([] {
    auto it = std::make_shared<wide_semaphore>(3);
    return std::pair([it] { EXPECT_TRUE(it->try_acquire()); }, [it] { EXPECT_EQ(1, it->available()); });
  });
}

TEST_F(interrupted_operation, count_down) {
  interrupt_each_step([] {
    auto it = std::make_shared<latch>(2);
    return std::pair([it] { it->count_down(); }, [it] { EXPECT_TRUE(it->try_wait()); });
  });
}

TEST_F(interrupted_operation, release_of_a_bounded_semaphore) {
  interrupt_each_step([] {
    auto it = std::make_shared<bounded_semaphore>(2);
    it->acquire(2);
    return std::pair([it] { it->release(); }, [it] { EXPECT_EQ(2, it->available()); });
  });
}

TEST_F(interrupted_operation, count_down_of_a_countdown_latch) {
  interrupt_each_step([] {
    auto it = std::make_shared<countdown_latch>(2);
    return std::pair([it] { it->count_down(); }, [it] { EXPECT_EQ(0, it->count()); });
  });
}

TEST_F(interrupted_operation, try_set_count) {
  interrupt_each_step([] {
    auto it = std::make_shared<countdown_latch>(0);
    auto begun = std::make_shared<int>(0);
    return std::pair([it, begun] { *begun += it->try_set_count(3); },
                     [it, begun] {
                       EXPECT_EQ(3, it->count());
                       EXPECT_EQ(1, *begun);
                     });
  });
}

TEST_F(interrupted_operation, abort_of_a_cyclic_barrier) {
  interrupt_each_step([] {
    auto it = std::make_shared<cyclic_barrier>(2);
    return std::pair([it] { it->abort(); }, [it] { EXPECT_TRUE(it->broken()); });
  });
}

TEST_F(interrupted_operation, reset_of_a_cyclic_barrier) {
  interrupt_each_step([] {
    auto it = std::make_shared<cyclic_barrier>(2);
    it->abort();
    return std::pair([it] { it->reset(); }, [it] { EXPECT_EQ(0, it->n_waiting() + it->broken()); });
  });
}

TEST_F(interrupted_operation, clear) {
  interrupt_each_step([] {
    auto it = std::make_shared<event>();
    it->set();
    return std::pair([it] { it->clear(); }, [it] { EXPECT_FALSE(it->is_set()); });
  });
}

TEST_F(interrupted_operation, arrive) {
  interrupt_each_step([] {
    auto it = std::make_shared<barrier>(3);
    auto token = std::make_shared<barrier::arrival_token>(it->arrive());
    return std::pair([it] { static_cast<void>(it->arrive()); }, [it, token] { EXPECT_TRUE(it->try_wait(*token)); });
  });
}

TEST_F(interrupted_operation, arrive_with_a_completion) {
  interrupt_each_step([] {
    auto it = std::make_shared<completing_barrier>(2);
    completions = 0;
    return std::pair([it] { static_cast<void>(it->arrive()); }, [it] { EXPECT_EQ(1, completions); });
  });
}

TEST_F(interrupted_operation, arrive_and_drop) {
  interrupt_each_step([] {
    auto it = std::make_shared<barrier>(3);
    auto token = std::make_shared<barrier::arrival_token>(it->arrive());
    return std::pair([it] { it->arrive_and_drop(); },
                     [it, token] {
                       EXPECT_TRUE(it->try_wait(*token));
                       const auto next = it->arrive();  // the one who is left
                       EXPECT_TRUE(it->try_wait(next));
                     });
  });
}

TEST_F(interrupted_operation, release_about_to_wake) {
  semaphore none(0);
  support::crew crew(2, [&](int) { none.acquire(); });
  until_parked(2);
  const std::function<void()> handler = [&] { none.release(); };
  in_handler = &handler;
  bool raised = false;
  seen.before_unpark = [&] {
    if (!std::exchange(raised, true)) std::raise(SIGUSR1);
  };
  none.release();
  crew.join();
  EXPECT_EQ(2, seen.unparks);
}

TEST_F(interrupted_operation, arrive_about_to_wake) {
  barrier two(2);
  support::crew crew(1, [&](int) {
    two.arrive_and_wait();
    two.arrive_and_wait();
  });
  until_parked(1);
  const std::function<void()> handler = [&] { static_cast<void>(two.arrive()); };  // in the next phase
  in_handler = &handler;
  bool raised = false;
  seen.before_unpark = [&] {
    if (!std::exchange(raised, true)) std::raise(SIGUSR1);
  };
  static_cast<void>(two.arrive());
  crew.join();
}

// Signals from another thread, at any instruction.
class in_a_signal_handler : public testing::Test, public over<park::futex_lot> {
 protected:
  void SetUp() override {
    if (support::thread_sanitizer)
      GTEST_SKIP() << "ThreadSanitizer holds handlers back while a thread sleeps in a plain system call";
  }

  // Interrupts the calling thread until `work` has returned.
  template <class Work>
  static void interrupted(Work work) {
    std::atomic<bool> done{false};
    support::crew crew(1, [&done, target = pthread_self()](int) {
      support::eventually([&] {
        pthread_kill(target, SIGUSR1);
        return done.load();
      });
    });
    work();
    done = true;
  }

  static inline constinit semaphore permits{0};
  static inline constinit wide_semaphore wide_permits{0};
  static inline constinit latch opens{50};
  static inline constinit event ready;
  static inline constinit barrier phases{51};
  static inline constinit std::atomic<int> handled{0}, left{0};
};

// What the handler does wakes the thread that it interrupts, which spins, is about to sleep, sleeps or is on its way out.

TEST_F(in_a_signal_handler, release_serves_a_sleeper) {
  support::handle_interruptions([](int) { permits.release(); });
  interrupted([] {
    for (int permit = 0; permit < 100; ++permit) permits.acquire();
  });
}

TEST_F(in_a_signal_handler, release_serves_a_collector) {
  support::handle_interruptions([](int) { permits.release(); });
  interrupted([] {
    for (int round = 0; round < 30; ++round) permits.acquire(3);
  });
}

TEST_F(in_a_signal_handler, release_of_a_wide_semaphore_serves_a_sleeper) {
  support::handle_interruptions([](int) { wide_permits.release(); });
  interrupted([] {
    for (int permit = 0; permit < 100; ++permit) wide_permits.acquire();
  });
}

TEST_F(in_a_signal_handler, count_down_opens_a_latch) {
  support::handle_interruptions([](int) {
    if (!opens.try_wait()) opens.count_down();
  });
  interrupted([] { opens.wait(); });
}

TEST_F(in_a_signal_handler, set_ends_a_wait_and_clear_holds_none_back) {
  support::handle_interruptions([](int) { ready.set(), ready.clear(); });
  interrupted([] {
    for (int round = 0; round < 100; ++round) ready.wait();
  });
}

TEST_F(in_a_signal_handler, arrive_ends_a_phase) {
  support::handle_interruptions([](int) {
    if (left > 0 && --left >= 0) static_cast<void>(phases.arrive());
  });
  interrupted([] {
    for (int round = 0; round < 5; ++round) {
      auto token = phases.arrive();
      left = 50;
      phases.wait(std::move(token));
    }
  });
}

// The handler interrupts the operation that it does itself, on the same object: nothing is lost of either.

TEST_F(in_a_signal_handler, releases_within_a_release_all_count) {
  support::handle_interruptions([](int) {
    ++handled;
    permits.release();
    wide_permits.release();
  });
  while (permits.try_acquire() || wide_permits.try_acquire()) {
  }
  handled = 0;
  int released = 0, taken = 0;
  interrupted([&] {
    for (; handled < 200; ++released) {
      permits.release();
      wide_permits.release();
      if (released % 2 == 0 && permits.try_acquire() && wide_permits.try_acquire()) ++taken;
    }
  });
  sigset_t interruptions;
  sigemptyset(&interruptions);
  sigaddset(&interruptions, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &interruptions, nullptr);  // the last one may be on its way
  EXPECT_EQ(handled + released - taken, permits.available());
  EXPECT_EQ(handled + released - taken, wide_permits.available());
  pthread_sigmask(SIG_UNBLOCK, &interruptions, nullptr);
}

}  // namespace
