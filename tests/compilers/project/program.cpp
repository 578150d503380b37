// Uses the first three types, threads and timers in the ways that compilers and standard libraries differ on; neither throws nor asks for a type at run time.
#include <chrono>
#include <cstddef>
#include <memory>
#include <park/park.hpp>
#include <thread>
#include <type_traits>
#include <utility>

#include "family.hpp"

namespace {

using namespace std::chrono_literals;

constinit park::latch global_latch(1);
constinit park::counting_semaphore<5> global_semaphore(5);
constinit park::counting_semaphore<PTRDIFF_MAX> global_wide_semaphore(PTRDIFF_MAX);
constinit park::binary_semaphore global_binary_semaphore(0);
constinit park::barrier<> global_barrier(1);

// Templates of the same parameters as std's.
template <template <std::ptrdiff_t> class Semaphore>
struct pool {
  Semaphore<4> slots{4};
};
template <template <class> class Barrier>
struct team {
  Barrier<void (*)()> meeting{1, [] {}};
};
template <std::ptrdiff_t N>
constexpr std::ptrdiff_t permits_of(const park::counting_semaphore<N>&) {
  return N;
}
template <class Completion>
void meet(park::barrier<Completion>& meeting) {
  meeting.arrive_and_wait();
}
class park::latch* none = nullptr;  // a class, not an alias

struct move_only {
  std::unique_ptr<int> runs = std::make_unique<int>(0);
  void operator()() { ++*runs; }
};

bool templates_work() {
  pool<park::counting_semaphore> four;
  team<park::barrier> one;
  park::counting_semaphore deduced(3);
  static_assert(std::is_same_v<decltype(deduced), park::counting_semaphore<>>);
  park::barrier without(1);
  static_assert(std::is_same_v<decltype(without), park::barrier<>>);
  park::barrier with(1, move_only());
  static_assert(std::is_same_v<decltype(with), park::barrier<move_only>>);
  meet(one.meeting), meet(without), meet(with);
  park::barrier<move_only>::arrival_token token = with.arrive();
  with.wait(std::move(token));
  return none == nullptr && permits_of(four.slots) == 4 && four.slots.try_acquire() && deduced.try_acquire();
}

bool waits_work() {
  const auto soon = std::chrono::steady_clock::now() + 1ms;
  park::latch closed(1);
  park::binary_semaphore empty(0);
  park::barrier two(2);
  const auto token = two.arrive();
  return !closed.wait_for(1ms) && !closed.wait_until(soon) && !empty.try_acquire_for(1ms) &&
         !empty.try_acquire_until(std::chrono::system_clock::now() + 1ms) && !two.wait_for(token, 1ms) &&
         !two.wait_until(token, std::chrono::time_point_cast<std::chrono::duration<double>>(soon));
}

bool stops_work() {
#if PARK_HAS_STOP_TOKEN
  std::stop_source source;
  source.request_stop();
  park::latch closed(1);
  park::counting_semaphore empty(0);
  return !closed.wait(source.get_token()) && !empty.acquire(2, source.get_token()) &&
         !empty.try_acquire_for(source.get_token(), 1h);
#else
  return true;
#endif
}

bool threads_meet() {
  int written = 0;
  park::barrier meeting(2, [&]() noexcept { ++written; });
  std::thread other([&] {
    global_binary_semaphore.acquire();
    meeting.arrive_and_wait();
    global_latch.count_down();
  });
  global_binary_semaphore.release();
  meeting.arrive_and_wait();
  global_latch.wait();
  other.join();
  global_barrier.arrive_and_wait();
  return written == 1 && global_semaphore.try_acquire() && global_wide_semaphore.try_acquire();
}

bool threads_and_timers_run() {
  int sum = 0;
  park::thread one([&sum](std::unique_ptr<int> more) { sum += *more; }, std::make_unique<int>(1));
  one.join();
  park::thread named({.name = "named", .daemon = true}, [] {});
  park::timer never(1h, [&sum] { sum = 0; }), soon(0s, [&sum](int more) { sum += more; }, 0);
  soon.wait();
  return never.cancel() && !soon.cancel() && sum == 1 && named.name() == "named" && named.join_for(1h);
}

}  // namespace

int main() {
  return templates_work() && waits_work() && stops_work() && threads_meet() && threads_and_timers_run() &&
                 family_works()
             ? 0
             : 1;
}
