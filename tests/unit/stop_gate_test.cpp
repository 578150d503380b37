// park::detail::stop_gate: how a stop request spends the time until the waiter has left its place.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "park/hashed_lot.hpp"
#include "park/stop.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"

namespace {

// What a request asks of its lot, in one thread; and how many unparks it takes until the waiter wakes.
struct asked {
  int spins = 0;  // until backoff::again() says no
  int unparks_to_wake = 0;

  std::atomic<bool> parked{false};
  std::atomic<int> unparks{0};
  int looks = 0;  // calls of backoff::again()
  int yields = 0;
  int paid_off = 0;
};
asked* seen = nullptr;

struct scripted_lot : park::hashed_lot {
  struct backoff {
    explicit backoff(park::deadline = park::deadline::never(), std::uint32_t = 1) noexcept {}
    backoff(park::deadline, std::uint32_t, address) noexcept {}
    bool again() noexcept { return ++seen->looks <= seen->spins; }
    void paid_off() noexcept { ++seen->paid_off; }
  };

  static bool park(address, std::uint32_t, park::deadline) noexcept {
    seen->parked = true;
    support::eventually([] { return seen->unparks >= seen->unparks_to_wake; });
    return true;
  }
  static void unpark(address, std::uint32_t) noexcept { ++seen->unparks; }
  static void yield() noexcept { ++seen->yields, std::this_thread::yield(); }
};

class stop_gate : public testing::Test {
 protected:
  stop_gate() { seen = &what; }
  ~stop_gate() override { seen = nullptr; }

  // Requests a stop of a thread that is parked.
  void stop_a_waiter() {
    const scripted_lot::atomic<std::uint32_t> word{0};
    park::detail::stop_gate<scripted_lot> gate(scripted_lot::whole(word));
    support::crew waiter(1, [&](int) { gate.park(scripted_lot::whole(word), 0, park::deadline::never()); });
    support::eventually([&] { return what.parked.load(); });
    gate.request();
    waiter.join();
    EXPECT_TRUE(gate.stopped());
  }

  asked what;
};

TEST_F(stop_gate, asks_a_spin_that_has_ended_no_more_and_yields) {
  what.spins = 2;
  what.unparks_to_wake = 100;
  stop_a_waiter();
  EXPECT_EQ(3, what.looks);
  EXPECT_EQ(what.unparks - 2, what.yields);
  EXPECT_EQ(0, what.paid_off);
}

TEST_F(stop_gate, says_that_a_spin_has_paid_off) {
  what.spins = 1'000'000'000;
  what.unparks_to_wake = 3;
  stop_a_waiter();
  EXPECT_EQ(what.unparks, what.looks);
  EXPECT_EQ(0, what.yields);
  EXPECT_EQ(1, what.paid_off);
}

}  // namespace
