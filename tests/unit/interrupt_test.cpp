// Signals: waits go on after EINTR to the same deadline. What a handler may call: see signal_handler_test.cpp.
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <stop_token>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/signals.hpp"
#include "support/waits.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class interrupted : public support::waiting {};
PARK_TESTS_INSTANTIATE(interrupted);

TEST_P(interrupted, a_timed_wait_goes_on_to_the_same_deadline) {
  const auto wait = make();
  const std::size_t before = seen.deadlines().size();
  const auto begin = steady_clock::now();
  const auto went_on = [&] {  // to the same deadline
    const auto log = seen.deadlines();
    const auto same = [](const auto& one, const auto& next) { return one.since_epoch() == next.since_epoch(); };
    return std::adjacent_find(log.begin() + static_cast<std::ptrdiff_t>(before), log.end(), same) != log.end();
  };
  {
    const support::signal_storm storm(pthread_self());
    do {  // until signals have come, and one of them in a sleep
      EXPECT_FALSE(wait->wait_for(20ms));
    } while (storm.signals() < 3 || (GetParam().signals_end_park && !went_on()));
  }
  EXPECT_GE(steady_clock::now() - begin, 20ms);
  const auto log = seen.deadlines();
  for (std::size_t call = before + 1; call < log.size(); ++call) {
    // The same deadline, or that of the next wait, which begins after this one has passed.
    const auto later = log[call].since_epoch() - log[call - 1].since_epoch();
    EXPECT_TRUE(later == 0ns || later >= 20ms);
  }
  EXPECT_TRUE(wait->untouched());
}

TEST_P(interrupted, a_timed_wait_is_never_false_before_the_deadline) {
  const auto wait = make();
  const support::signal_storm storm(pthread_self());
  for (int round = 0; round < 3; ++round) {
    const auto steady_deadline = steady_clock::now() + 3ms;
    EXPECT_FALSE(wait->wait_until(steady_deadline));
    EXPECT_GE(steady_clock::now(), steady_deadline);
    const auto system_deadline = std::chrono::system_clock::now() + 3ms;
    EXPECT_FALSE(wait->wait_until(system_deadline));
    EXPECT_GE(std::chrono::system_clock::now(), system_deadline);
  }
}

TEST_P(interrupted, a_wait_without_a_limit_goes_on) {
  const auto wait = make();
  const int before = seen.parks;
  const auto target = pthread_self();
  support::crew crew(1, [&](int) {
    until_waiting();
    const support::signal_storm storm(target);
    support::eventually(
        [&] { return storm.signals() > 20 && (seen.parks > before + 1 || !GetParam().signals_end_park); });
    wait->satisfy();
  });
  wait->wait();
}

TEST_P(interrupted, a_stoppable_wait_goes_on_and_can_be_stopped) {
  const auto wait = make();
  std::stop_source source;
  const auto target = pthread_self();
  support::crew crew(1, [&](int) {
    until_waiting();
    const support::signal_storm storm(target);
    support::eventually([&] { return storm.signals() > 20; });
    source.request_stop();
  });
  EXPECT_FALSE(wait->wait(source.get_token()));
  EXPECT_TRUE(wait->untouched());
}

}  // namespace
