// park::cyclic_barrier: waits with limits, each of which breaks it when it is reached.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <vector>

#include "park/cyclic_barrier.hpp"
#include "support/clocks.hpp"
#include "support/crew.hpp"
#include "support/cyclic_meeting.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/mini_stop.hpp"
#include "support/observed_lot.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using support::broken;
using support::outcome;

template <class Lot>
class cyclic_barrier_limits : public support::observing<Lot> {
 protected:
  using plain = park::basic_cyclic_barrier<park::detail::no_completion, support::observed_lot<Lot>>;
  using acting = park::basic_cyclic_barrier<std::function<void()>, support::observed_lot<Lot>>;
  using meeting = std::function<std::ptrdiff_t(plain&)>;

  static std::stop_token stopped() {
    std::stop_source source;
    source.request_stop();
    return source.get_token();
  }

  // Waits that end soon.
  const std::vector<meeting> short_ways = {
      [](plain& it) { return it.wait_for(2ms); },
      [](plain& it) { return it.wait_until(steady_clock::now() + 2ms); },
      [](plain& it) { return it.wait_until(system_clock::now() + 2ms); },
      [](plain& it) { return it.wait_until(support::slow_clock::now() + 1ms); },
      [](plain& it) { return it.wait_for(std::stop_token(), 2ms); },
      [](plain& it) { return it.wait_until(std::stop_token(), steady_clock::now() + 2ms); },
      [](plain& it) { return it.wait_until(std::stop_token(), support::slow_clock::now() + 1ms); }};

  // Waits with no time left.
  const std::vector<meeting> no_ways = {
      [](plain& it) { return it.wait_for(0s); },
      [](plain& it) { return it.wait_for(-1h); },
      [](plain& it) { return it.wait_for(std::chrono::hours::min()); },
      [](plain& it) { return it.wait_until(steady_clock::time_point::min()); },
      [](plain& it) { return it.wait_until(system_clock::now() - 1h); },
      [](plain& it) { return it.wait_until(support::float_clock::now()); },
      [](plain& it) { return it.wait(stopped()); },
      [](plain& it) { return it.wait_for(stopped(), 1h); },
      [](plain& it) { return it.wait_until(stopped(), steady_clock::time_point::max()); },
      [](plain& it) { return it.wait_until(stopped(), support::slow_clock::now() + 1h); }};

  // Waits that only the others end.
  const std::vector<meeting> long_ways = {
      [](plain& it) { return it.wait(); },
      [](plain& it) { return it.wait_for(1h); },
      [](plain& it) { return it.wait_for(std::chrono::hours::max()); },
      [](plain& it) { return it.wait_until(system_clock::now() + 1h); },
      [](plain& it) { return it.wait_until(steady_clock::time_point::max()); },
      [](plain& it) { return it.wait_until(support::float_clock::time_point::max()); },
      [](plain& it) { return it.wait(std::stop_token()); },
      [](plain& it) { return it.wait_for(std::stop_token(), 1h); },
      [](plain& it) { return it.wait_until(std::stop_token(), support::slow_clock::now() + 1h); }};

  // Waits that a request of a stop ends.
  static std::vector<std::function<std::ptrdiff_t(plain&, std::stop_token)>> stoppable_ways() {
    return {[](plain& it, std::stop_token stop) { return it.wait(stop); },
            [](plain& it, std::stop_token stop) { return it.wait_for(stop, 1h); },
            [](plain& it, std::stop_token stop) { return it.wait_until(stop, system_clock::now() + 1h); },
            [](plain& it, std::stop_token stop) { return it.wait_until(stop, support::slow_clock::now() + 1h); }};
  }
};
TYPED_TEST_SUITE(cyclic_barrier_limits, support::lots, support::by_name);

TYPED_TEST(cyclic_barrier_limits, a_wait_of_any_kind_meets_the_others) {
  typename TestFixture::plain barrier(2);
  for (const auto& way : this->long_ways) {
    support::crew crew(1, [&](int) { EXPECT_EQ(1, outcome([&] { return way(barrier); })); });
    this->until_parked(1);
    EXPECT_EQ(0, barrier.wait());
    crew.join();
    crew.add([&] { EXPECT_EQ(1, barrier.wait()); });
    this->until_parked(1);
    EXPECT_EQ(0, outcome([&] { return way(barrier); }));
  }
}

TYPED_TEST(cyclic_barrier_limits, the_last_to_come_meets_the_others_though_it_has_no_time_left) {
  typename TestFixture::plain barrier(2);
  for (const auto& way : this->no_ways) {
    support::crew crew(1, [&](int) { EXPECT_EQ(1, barrier.wait()); });
    this->until_parked(1);
    EXPECT_EQ(0, outcome([&] { return way(barrier); }));
  }
}

TYPED_TEST(cyclic_barrier_limits, a_timeout_breaks_it_for_all_and_whoever_comes) {
  typename TestFixture::plain barrier(3);
  for (const auto& way : this->short_ways) {
    {
      support::crew crew(1, [&](int) { EXPECT_EQ(broken, outcome([&] { return barrier.wait(); })); });
      this->until_parked(1);
      EXPECT_EQ(broken, outcome([&] { return way(barrier); }));
    }
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(0, barrier.n_waiting());
    EXPECT_EQ(broken, outcome([&] { return barrier.wait(); }));
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
  }
}

TYPED_TEST(cyclic_barrier_limits, one_that_waits_alone_breaks_it_too) {
  typename TestFixture::plain barrier(2);
  for (const auto& way : this->short_ways) {
    EXPECT_EQ(broken, outcome([&] { return way(barrier); }));
    EXPECT_TRUE(barrier.broken());
    barrier.reset();
  }
}

TYPED_TEST(cyclic_barrier_limits, with_no_time_left_it_breaks_without_a_wait) {
  typename TestFixture::plain barrier(2);
  for (const auto& way : this->no_ways) {
    EXPECT_EQ(broken, outcome([&] { return way(barrier); }));
    EXPECT_TRUE(barrier.broken());
    barrier.reset();
  }
  EXPECT_EQ(0, this->seen.parks);
}

TYPED_TEST(cyclic_barrier_limits, nobody_is_broken_before_the_deadline) {
  typename TestFixture::plain barrier(2);
  const auto begin = steady_clock::now();
  EXPECT_EQ(broken, outcome([&] { return barrier.wait_for(3ms); }));
  EXPECT_GE(steady_clock::now() - begin, 3ms);
  barrier.reset();
  const auto time = system_clock::now() + 3ms;
  EXPECT_EQ(broken, outcome([&] { return barrier.wait_until(time); }));
  EXPECT_GE(system_clock::now(), time);
  barrier.reset();
  const auto slowly = support::slow_clock::now() + 1ms;
  EXPECT_EQ(broken, outcome([&] { return barrier.wait_until(slowly); }));
  EXPECT_GE(support::slow_clock::now(), slowly);
}

TYPED_TEST(cyclic_barrier_limits, a_stop_breaks_it_for_all) {
  typename TestFixture::plain barrier(3);
  for (const auto& way : this->stoppable_ways()) {
    std::stop_source source;
    {
      support::crew crew;
      crew.add([&] { EXPECT_EQ(broken, outcome([&] { return barrier.wait(); })); });
      crew.add([&] { EXPECT_EQ(broken, outcome([&] { return way(barrier, source.get_token()); })); });
      this->until_parked(2);
      source.request_stop();
    }
    EXPECT_TRUE(barrier.broken());
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
  }
}

TYPED_TEST(cyclic_barrier_limits, a_stop_of_another_token_type_breaks_it) {
  typename TestFixture::plain barrier(2);
  support::mini_stop_source source;
  support::crew crew(1, [&](int) { EXPECT_EQ(broken, outcome([&] { return barrier.wait(source.get_token()); })); });
  this->until_parked(1);
  EXPECT_EQ(1u, source.callbacks());
  source.request_stop();
  crew.join();
  EXPECT_TRUE(barrier.broken());
}

// Each waiter is held inside park until its limit has been reached.
TYPED_TEST(cyclic_barrier_limits, who_was_released_returns_though_its_limit_is_reached_before_it_runs) {
  typename TestFixture::plain barrier(2);
  std::stop_source source;
  std::atomic<bool> over{false};
  this->seen.after_park = [&] { support::eventually([&] { return over.load(); }); };
  support::crew crew(1, [&](int) { EXPECT_EQ(1, outcome([&] { return barrier.wait_for(source.get_token(), 1h); })); });
  this->until_parked(1);
  EXPECT_EQ(0, barrier.wait());
  support::crew requester(1, [&](int) { source.request_stop(); });
  support::eventually([&] { return source.stop_requested(); });
  over = true;
  crew.join();
  requester.join();
  EXPECT_FALSE(barrier.broken());
}

TYPED_TEST(cyclic_barrier_limits, a_timeout_during_the_action_breaks_it_too) {
  std::atomic<bool> in_action{false}, go_on{false};
  typename TestFixture::acting barrier(2, [&] {
    in_action = true;
    support::eventually([&] { return go_on.load(); });
  });
  support::crew crew;
  crew.add([&] { EXPECT_EQ(broken, outcome([&] { return barrier.wait(); })); });
  crew.add([&] { EXPECT_EQ(broken, outcome([&] { return barrier.wait(); })); });
  support::eventually([&] { return in_action.load(); });
  EXPECT_EQ(broken, outcome([&] { return barrier.wait_for(1ms); }));  // one more, which is not counted
  EXPECT_TRUE(barrier.broken());
  go_on = true;
}

// A clock that fails when it is asked the second time.
struct failing_clock : steady_clock {
  using time_point = std::chrono::time_point<failing_clock, duration>;
  static inline std::atomic<int> looks{0};
  static time_point now() {
    if (++looks > 1) throw std::range_error("no time");
    return time_point(1ms);
  }
};

TYPED_TEST(cyclic_barrier_limits, a_wait_that_ends_by_an_exception_of_its_clock_breaks_it) {
  typename TestFixture::plain barrier(3);
  support::crew crew(1, [&](int) { EXPECT_EQ(broken, outcome([&] { return barrier.wait(); })); });
  this->until_parked(1);
  failing_clock::looks = 0;
  EXPECT_THROW(barrier.wait_until(failing_clock::time_point(2ms)), std::range_error);
  EXPECT_TRUE(barrier.broken());
  crew.join();
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
}

}  // namespace
