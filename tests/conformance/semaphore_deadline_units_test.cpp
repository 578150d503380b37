// [thread.sema.cnt]: try_acquire_until with a time in other units than its clock's. By itself, since libstdc++ 12 does not compile it.
#include <chrono>

#include "conformance/expectation.hpp"
#include "conformance/sleeper.hpp"
#include "conformance/subject.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using semaphore = subject::counting_semaphore<5>;

EXPECTATION(deadline, in_other_units_is_kept) {
  semaphore empty(0);
  const auto time = std::chrono::ceil<std::chrono::duration<double>>(steady_clock::now() + 1ms);
  EXPECT_FALSE(empty.try_acquire_until(time));
  EXPECT_GE(steady_clock::now(), time);
  const auto wall = std::chrono::ceil<std::chrono::milliseconds>(system_clock::now() + 1ms);
  EXPECT_FALSE(empty.try_acquire_until(wall));
  EXPECT_GE(system_clock::now(), wall);
}

EXPECTATION(deadline, in_other_units_is_a_look_once_it_has_passed) {
  semaphore one(1);
  EXPECT_TRUE(one.try_acquire_until(std::chrono::floor<std::chrono::hours>(steady_clock::now())));
  EXPECT_FALSE(one.try_acquire_until(std::chrono::floor<std::chrono::hours>(system_clock::now())));
}

EXPECTATION(deadline, that_is_the_greatest_in_hours_is_a_wait) {
  semaphore empty(0);
  bool taken = false;
  {
    const conformance::sleeper waiter(
        [&] { taken = empty.try_acquire_until(std::chrono::time_point<steady_clock, std::chrono::hours>::max()); });
    EXPECT_TRUE(waiter.blocks());
    empty.release();
  }
  EXPECT_TRUE(taken);
}

}  // namespace
