// Stop sources, tokens and callbacks are the standard library's on both sides, and pass from one to the other.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "overlay/sides.hpp"
#include "support/sanitizers.hpp"

namespace {

using sides::side;

struct crossing {
  std::string name;
  const side& watcher;
  const side& requester;
};

class overlay_stop_state : public testing::TestWithParam<crossing> {};

TEST(overlay_stop_types, are_laid_out_and_named_the_same) {
  EXPECT_EQ(sides::without_overlay.size_of_callback(), sides::with_overlay.size_of_callback());
  EXPECT_STREQ(sides::without_overlay.name_of_callback(), sides::with_overlay.name_of_callback());
}

TEST_P(overlay_stop_state, a_request_of_one_side_runs_the_callback_of_the_other) {
  std::stop_source source;
  int runs = 0;
  auto watched = GetParam().watcher.watch(source.get_token(), [&] { ++runs; });
  EXPECT_TRUE(GetParam().requester.request_stop(source));
  EXPECT_EQ(1, runs);
  GetParam().watcher.forget(std::move(watched));
  EXPECT_FALSE(GetParam().requester.request_stop(source));
  auto late = GetParam().watcher.watch(source.get_token(), [&] { ++runs; });
  EXPECT_EQ(2, runs);
}

TEST_P(overlay_stop_state, a_callback_may_deregister_itself) {
  std::stop_source source;
  std::unique_ptr<sides::callback> watched;
  watched = GetParam().watcher.watch(source.get_token(), [&] { GetParam().watcher.forget(std::move(watched)); });
  EXPECT_TRUE(GetParam().requester.request_stop(source));
  EXPECT_EQ(nullptr, watched);
}

// Here the destructor of one side waits on the semaphore in the callback, and request_stop of the other side releases it.
TEST_P(overlay_stop_state, the_destructor_of_one_side_waits_for_a_callback_that_the_other_runs) {
  for (int round = 0; round < support::scaled(500); ++round) {
    std::stop_source source;
    std::atomic<bool> running{false}, may_end{false}, ended{false};
    auto watched = GetParam().watcher.watch(source.get_token(), [&] {
      running = true;
      while (!may_end) std::this_thread::yield();
      for (int turn = 0; turn < 10; ++turn) std::this_thread::yield();
      ended = true;
    });
    std::thread requester([&] { GetParam().requester.request_stop(source); });
    while (!running) std::this_thread::yield();
    may_end = true;
    GetParam().watcher.forget(std::move(watched));
    EXPECT_TRUE(ended);
    requester.join();
  }
}

INSTANTIATE_TEST_SUITE_P(, overlay_stop_state,
                         testing::Values(crossing{"from_without_to_with", sides::with_overlay, sides::without_overlay},
                                         crossing{"from_with_to_without", sides::without_overlay, sides::with_overlay}),
                         [](const auto& parameter) { return parameter.param.name; });

}  // namespace
