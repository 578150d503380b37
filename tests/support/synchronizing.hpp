// Every way to lock a mutex, and to acquire from a semaphore. The data is not atomic: ThreadSanitizer tells if one does not synchronize.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <stop_token>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/sanitizers.hpp"

namespace support {

template <class Mutex>
void expect_every_lock_to_synchronize(Mutex& access) {
  using namespace std::chrono_literals;
  const int rounds = scaled(400);
  int sum = 0;
  const auto add = [&](auto lock) {
    for (int round = 0; round < rounds; ++round) {
      lock();
      ++sum;
      access.unlock();
    }
  };
  {
    crew crew;
    crew.add([&] { add([&] { access.lock(); }); });
    crew.add([&] { add([&] { eventually([&] { return access.try_lock(); }); }); });
    crew.add([&] { add([&] { EXPECT_TRUE(access.try_lock_for(1h)); }); });
    crew.add([&] { add([&] { EXPECT_TRUE(access.try_lock_until(std::chrono::system_clock::now() + 1h)); }); });
    crew.add([&] { add([&] { EXPECT_TRUE(access.lock(std::stop_token())); }); });
  }
  EXPECT_EQ(5 * rounds, sum);
}

// `ready` has no permits, and room for seven.
template <class Semaphore>
void expect_every_acquire_to_synchronize(Semaphore& ready) {
  using namespace std::chrono_literals;
  int data = 0;
  const auto expect_data = [&] { EXPECT_EQ(1, data); };
  crew crew;
  crew.add([&] { ready.acquire(), expect_data(); });
  crew.add([&] { ready.acquire(2), expect_data(); });
  crew.add([&] { eventually([&] { return ready.try_acquire(); }), expect_data(); });
  crew.add([&] { EXPECT_TRUE(ready.try_acquire_for(1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(ready.try_acquire_until(std::chrono::system_clock::now() + 1h)), expect_data(); });
  crew.add([&] { EXPECT_TRUE(ready.acquire(std::stop_token())), expect_data(); });
  data = 1;
  for (int permit = 0; permit < 7; ++permit) ready.release();
  crew.join();
  EXPECT_EQ(0, ready.available());
}

}  // namespace support
