// Timers with a thread of their own.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/thread.hpp"
#include "park/timer.hpp"
#include "support/lots.hpp"

namespace {

using namespace std::chrono_literals;

const park::timer_options own{.own_thread = true};

// Counted down by the end of each thread that say_when_this_thread_ends() was called in.
std::optional<park::latch> ended;

void say_when_this_thread_ends() {
  struct at_end {
    ~at_end() { ended->count_down(); }
  };
  thread_local const at_end here;
  static_cast<void>(&here);
}

template <class Lot>
class timer_thread : public testing::Test {
 protected:
  using timer_type = park::basic_timer<Lot>;
};
TYPED_TEST_SUITE(timer_thread, support::lots, support::by_name);

TYPED_TEST(timer_thread, is_delayed_by_no_other_timer_and_delays_none) {
  park::event first, second;
  std::thread::id ids[3];
  typename TestFixture::timer_type shared(0s, [&] {
    ids[0] = std::this_thread::get_id();
    first.wait();
  });
  typename TestFixture::timer_type slow(own, 0s, [&] {
    ids[1] = std::this_thread::get_id();
    first.set();
    second.wait();
  });
  shared.wait();
  typename TestFixture::timer_type other(0s, [&] {
    ids[2] = std::this_thread::get_id();
    second.set();
  });
  slow.wait();
  other.wait();
  EXPECT_EQ(ids[0], ids[2]);
  EXPECT_NE(ids[0], ids[1]);
}

TYPED_TEST(timer_thread, has_a_name) {
  std::string first, second;
  const typename TestFixture::timer_type one(own, 0s, [&] { first = park::this_thread::name(); }),
      other({.own_thread = true, .name = "flusher"}, 0s, [&] { second = park::this_thread::name(); });
  one.wait();
  other.wait();
  EXPECT_EQ("park-timer", first);
  EXPECT_EQ("flusher", second);
}

TYPED_TEST(timer_thread, without_one_the_options_change_nothing) {
  std::string name;
  const typename TestFixture::timer_type one(park::timer_options{}, 0s, [&] { name = park::this_thread::name(); });
  one.wait();
  EXPECT_EQ("park-timer", name);
}

TYPED_TEST(timer_thread, reports_an_uncaught_exception_by_its_name) {
  testing::internal::CaptureStderr();
  const typename TestFixture::timer_type one({.own_thread = true, .name = "flusher"}, 0s,
                                             [] { throw std::runtime_error("disk full"); });
  one.wait();
  EXPECT_EQ("park: uncaught exception in thread \"flusher\": disk full\n", testing::internal::GetCapturedStderr());
}

TYPED_TEST(timer_thread, is_cancelled_and_restarted_as_any) {
  int runs = 0;
  typename TestFixture::timer_type one(own, 1h, [&] {
    if (++runs % 3 != 0) {
      EXPECT_FALSE(one.restart(1us));
    }
  });
  EXPECT_TRUE(one.pending());
  EXPECT_TRUE(one.cancel());
  EXPECT_FALSE(one.cancel());
  one.wait();
  EXPECT_FALSE(one.restart(1h));
  EXPECT_TRUE(one.restart(0s));
  one.wait();
  EXPECT_EQ(3, runs);
  EXPECT_FALSE(one.restart(0s));
  one.wait();
  EXPECT_EQ(6, runs);
}

TYPED_TEST(timer_thread, repeats) {
  std::atomic<int> runs{0};
  auto one = park::every<typename TestFixture::timer_type>(own, 1us, [&] { ++runs; });
  while (runs < 10) std::this_thread::yield();
  EXPECT_TRUE(one.cancel());
  one.wait();
}

// Not atomic: ThreadSanitizer tells if the destructor does not synchronize.
TYPED_TEST(timer_thread, is_waited_for_by_the_destructor_where_it_runs) {
  park::event began, go;
  int ran = 0;
  std::optional<park::thread> helper;
  {
    const typename TestFixture::timer_type one(own, 0s, [&] {
      began.set();
      go.wait();
      ran = 1;
    });
    began.wait();
    helper.emplace([&] { go.set(); });
  }
  EXPECT_EQ(1, ran);
}

TYPED_TEST(timer_thread, ends_with_the_timer) {
  ended.emplace(1);
  typename TestFixture::timer_type one(own, 0s, [] { say_when_this_thread_ends(); });
  one.wait();
  EXPECT_FALSE(ended->try_wait());
  one = typename TestFixture::timer_type();
  ended->wait();
}

TYPED_TEST(timer_thread, ends_with_the_last_run_of_one_that_is_detached) {
  ended.emplace(2);
  const auto held = std::make_shared<int>();
  const auto run = [held] { say_when_this_thread_ends(); };
  typename TestFixture::timer_type before(own, 1ms, run), after(own, 0s, run);
  before.detach();
  after.wait();
  after.detach();
  ended->wait();
  while (held.use_count() > 2) std::this_thread::yield();  // `held` and that of `run`
}

TYPED_TEST(timer_thread, ends_with_what_its_callable_destroys) {
  ended.emplace(1);
  park::event made;
  std::optional<typename TestFixture::timer_type> one;
  one.emplace(own, 0s, [&] {
    say_when_this_thread_ends();
    made.wait();
    one.reset();
  });
  made.set();
  ended->wait();
}

// Each cancels itself, its neighbour, or neither, and ends at any moment of that.
TYPED_TEST(timer_thread, there_may_be_many) {
  std::atomic<int> runs{0}, prevented{0};
  for (int round = 0; round < 20; ++round) {
    std::vector<typename TestFixture::timer_type> all;
    for (int index = 0; index < 8; ++index)
      all.emplace_back(own, std::chrono::microseconds(10 * index), [&] { ++runs; });
    for (std::size_t index = 0; index < all.size(); index += 2) prevented += all[index].cancel() ? 1 : 0;
    for (std::size_t index = 1; index < all.size(); index += 2) all[index].wait();
  }
  EXPECT_EQ(20 * 8, runs + prevented);
}

}  // namespace
