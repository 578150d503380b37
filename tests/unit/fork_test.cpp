// The child of a fork in a program of several threads: it may use fresh objects, whatever the other threads were doing.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"
#include "support/child.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class fork : public testing::Test {
 protected:
  using semaphore_type = park::basic_counting_semaphore<1000, Lot>;
  using latch_type = park::basic_latch<Lot>;
  using barrier_type = park::basic_barrier<park::detail::no_completion, Lot>;

  fork() {
    for (int index = 0; index < 4; ++index) {
      crew_.add([this, index] {
        semaphore_type& mine = index % 2 == 0 ? ping_ : pong_;
        semaphore_type& other = index % 2 == 0 ? pong_ : ping_;
        while (!over_) {
          if (permits_ < 100) {  // or there would be ever more
            ++permits_;
            mine.release();
          }
          if (other.try_acquire_for(1ms)) --permits_;
          ++rounds_;
        }
      });
    }
    support::eventually([this] { return rounds_ > 100; });
  }

  ~fork() override { over_ = true; }

  static void expect(bool holds) {
    if (!holds) support::leave(2);
  }

  // Each wait sleeps: nobody but its deadline ends it.
  static void sleep_on_fresh_objects() {
    semaphore_type none(0);
    const latch_type closed(1);
    barrier_type two(2);
    const auto token = two.arrive();
    expect(!none.try_acquire_for(100us));
    expect(!none.try_acquire_for(2, 100us));
    expect(!closed.wait_for(100us));
    expect(!two.wait_for(token, 100us));
    none.release();
    none.acquire();
  }

  // Everywhere that a lot may keep a lock.
  static void unpark_everywhere() {
    std::vector<std::uint64_t> places(4096);
    for (const std::uint64_t& place : places) {
      Lot::unpark(Lot::whole(reinterpret_cast<const typename Lot::template atomic<std::uint32_t>&>(place)),
                  park::everyone);
    }
  }

  // `threads` of them meet, and wake each other.
  static void meet(int threads) {
    semaphore_type none(0);
    latch_type done(threads);
    barrier_type all(threads + 1);
    support::crew crew(threads, [&](int) {
      all.arrive_and_wait();
      none.acquire();
      none.release();
      done.count_down();
    });
    all.arrive_and_wait();
    none.release();
    done.wait();
  }

 private:
  semaphore_type ping_{0}, pong_{0};
  std::atomic<bool> over_{false};
  std::atomic<int> permits_{0}, rounds_{0};
  support::crew crew_;
};
TYPED_TEST_SUITE(fork, support::lots, support::by_name);

TYPED_TEST(fork, the_child_may_sleep_on_fresh_objects) {
  const int forks = support::scaled(200);
  for (int round = 0; round < forks; ++round) {
    const support::ended ended = support::in_child([] {
      TestFixture::unpark_everywhere();
      TestFixture::sleep_on_fresh_objects();
    });
    ASSERT_EQ(0, ended.exit_code) << ended.output;
  }
}

TYPED_TEST(fork, threads_of_the_child_may_wake_each_other) {
  if (support::thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer refuses threads in the child of a program that has several";
  if (!support::children_start_threads()) GTEST_SKIP() << "this emulator cannot start threads in the child of a fork";
  const int forks = support::scaled(50);
  for (int round = 0; round < forks; ++round) {
    const support::ended ended = support::in_child([] { TestFixture::meet(3); });
    ASSERT_EQ(0, ended.exit_code) << ended.output;
  }
  EXPECT_EQ(0, support::in_child([] { TestFixture::meet(100); }).exit_code);
}

TYPED_TEST(fork, the_child_of_a_child_may_too) {
  const support::ended ended = support::in_child([] {
    TestFixture::sleep_on_fresh_objects();
    TestFixture::expect(support::in_child([] { TestFixture::sleep_on_fresh_objects(); }).exit_code == 0);
  });
  EXPECT_EQ(0, ended.exit_code) << ended.output;
}

// A page that cannot be read until somebody says so: a thread that looks at a word there stays where it is.
class shut_page {
 public:
  shut_page() : page_(::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    current = this;
    struct sigaction look{};
    look.sa_handler = [](int) {
      current->reached_ = true;
      while (!current->open_) {
      }
      ::mprotect(current->page_, size, PROT_READ | PROT_WRITE);
    };
    ::sigaction(SIGSEGV, &look, &before_);
  }
  shut_page(const shut_page&) = delete;
  shut_page& operator=(const shut_page&) = delete;
  ~shut_page() {
    ::sigaction(SIGSEGV, &before_, nullptr);
    ::munmap(page_, size);
  }

  template <class Word>
  const Word& word() const {
    return *static_cast<const Word*>(page_);
  }
  void until_reached() const {
    support::eventually([this] { return reached_.load(); });
  }
  void open() { open_ = true; }

 private:
  static constexpr std::size_t size = 4096;
  static inline shut_page* current = nullptr;

  void* const page_;
  struct sigaction before_{};
  std::atomic<bool> reached_{false}, open_{false};
};

TYPED_TEST(fork, the_child_finds_no_lock_held_by_a_thread_that_is_not_there) {
  shut_page page;
  support::crew crew(1, [&](int) {
    const auto& word = page.word<typename TypeParam::template atomic<std::uint32_t>>();
    TypeParam::park(TypeParam::whole(word), 1, park::deadline::never());  // holds what it may hold while it looks
  });
  if (std::is_same_v<TypeParam, park::hashed_lot>)
    page.until_reached();  // a kernel that looks gets no signal, but an error
  const support::ended ended = support::in_child([] {
    TestFixture::unpark_everywhere();
    TestFixture::sleep_on_fresh_objects();
  });
  page.open();
  EXPECT_EQ(0, ended.exit_code) << ended.output;
}

}  // namespace
