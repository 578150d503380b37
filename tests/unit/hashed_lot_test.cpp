// park::hashed_lot: its table grows while threads sleep in it, and loses none of them.
#include "park/hashed_lot.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iostream>

#include "park/deadline.hpp"
#include "park/semaphore.hpp"
#include "support/child.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/program.hpp"
#include "support/sanitizers.hpp"

namespace {

using park::hashed_lot;

// More threads than the pool and the table have room for at their start, each asleep at an address of its own; each is woken alone, by
// the address that it slept at before the table grew. A process of its own, since a table that has grown stays so.
const support::program sleepers("sleepers", [] {
  constexpr std::size_t threads = 200;
  static std::array<hashed_lot::atomic<std::uint32_t>, threads> words{};
  static std::array<std::atomic<bool>, threads> awake{};
  const std::size_t before = hashed_lot::buckets();
  support::crew crew(threads, [](int thread) {
    const auto index = static_cast<std::size_t>(thread);
    while (words[index].load(std::memory_order_acquire) == 0) {
      hashed_lot::park(hashed_lot::whole(words[index]), 0, park::deadline::never());
    }
    awake[index] = true;
  });
  support::eventually([] { return hashed_lot::buckets() >= 3 * threads; });
  for (std::size_t index = 0; index < threads; ++index) {
    words[index].store(1, std::memory_order_release);
    hashed_lot::unpark(hashed_lot::whole(words[index]), 1);
    support::eventually([&] { return awake[index].load(); });
  }
  crew.join();
  std::cout << "from " << before << " to " << hashed_lot::buckets() << " buckets" << std::endl;
  return before < 3 * threads ? 0 : 1;
});

TEST(hashed_lot, grows_around_those_who_sleep) {
  const support::ended ended = support::run_program("sleepers", [] {});
  EXPECT_EQ(0, ended.exit_code) << ended.output;
  EXPECT_NE(std::string::npos, ended.output.find(" to 1024 buckets")) << ended.output;
}

// Pairs of threads on thousands of semaphores, in turn: most share a bucket with others'.
TEST(hashed_lot, serves_thousands_of_addresses) {
  constexpr std::size_t count = 4000;
  struct pair {
    park::basic_counting_semaphore<1, hashed_lot> ping{0}, pong{0};
  };
  static std::array<pair, count> pairs;
  const std::size_t teams = 4;
  support::crew crew(2 * teams, [](int thread) {
    const std::size_t team = static_cast<std::size_t>(thread) / 2;
    for (std::size_t index = team; index < count; index += teams) {
      if (thread % 2 == 0) {
        pairs[index].ping.release();
        pairs[index].pong.acquire();
      } else {
        pairs[index].ping.acquire();
        pairs[index].pong.release();
      }
    }
  });
  crew.join();
  for (pair& each : pairs) EXPECT_EQ(0, each.ping.available() + each.pong.available());
}

}  // namespace
