// Uses the other types in the ways that compilers and standard libraries differ on; neither throws nor asks for a type at run time.
#include "family.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <park/park.hpp>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace {

using namespace std::chrono_literals;

constinit park::event global_event;
constinit park::countdown_latch global_countdown_latch(2);
constinit park::mutex global_mutex;
constinit park::recursive_mutex global_recursive_mutex;
constinit park::condition_variable global_condition;
constinit park::bounded_semaphore global_bounded_semaphore(2);
constinit park::cyclic_barrier<> global_cyclic_barrier(1);
constinit park::cyclic_barrier global_acting_barrier(1, [] {});

// Classes, not aliases; and templates of one parameter.
class park::event* no_event = nullptr;
class park::mutex* no_mutex = nullptr;
template <template <class> class Queue, template <class> class Barrier>
struct templates {
  Queue<int> queue{1};
  Barrier<void (*)()> barrier{1, [] {}};
};
template <class Action>
bool meet(park::cyclic_barrier<Action>& barrier) {
  return barrier.wait() == 0;
}

static_assert(sizeof(park::event) == 4 && sizeof(park::mutex) == 4 && sizeof(park::countdown_latch) == 8);
static_assert(sizeof(park::cyclic_barrier<>) == 16 && sizeof(global_acting_barrier) == 16);
static_assert(std::is_base_of_v<std::logic_error, park::over_release_error>);
static_assert(std::is_base_of_v<std::runtime_error, park::broken_barrier_error>);
static_assert(std::is_base_of_v<std::system_error, park::not_owner_error>);
static_assert(!std::is_copy_constructible_v<park::mutex> && !std::is_move_constructible_v<park::condition_variable>);
static_assert(std::is_nothrow_move_constructible_v<park::thread> && std::is_nothrow_move_assignable_v<park::timer>);
static_assert(noexcept(global_event.set()) && noexcept(global_mutex.lock()) && noexcept(global_condition.notify_all()));

struct move_only {
  std::unique_ptr<int> runs = std::make_unique<int>(0);
  void operator()() { ++*runs; }
};

// Its move is not said to be noexcept, so that a queue of it has locks.
struct perhaps_throwing {
  perhaps_throwing() = default;
  perhaps_throwing(perhaps_throwing&& other) noexcept(false) : value(other.value) {}
  int value = 1;
};
struct alignas(128) over_aligned {
  int value = 2;
};

bool templates_work() {
  templates<park::bounded_queue, park::cyclic_barrier> both;
  park::cyclic_barrier without(1);
  static_assert(std::is_same_v<decltype(without), park::cyclic_barrier<>>);
  park::cyclic_barrier with(1, move_only());
  static_assert(std::is_same_v<decltype(with), park::cyclic_barrier<move_only>>);
  return no_event == nullptr && no_mutex == nullptr && both.queue.try_push(1) && meet(both.barrier) && meet(without) &&
         meet(with) && meet(global_cyclic_barrier) && global_acting_barrier.wait() == 0;
}

bool locks_work() {
  park::mutex one, other;
  park::recursive_mutex nested;
  const std::lock_guard guard(one);
  const std::scoped_lock several(other, global_mutex, nested);
  const std::unique_lock again(nested, std::try_to_lock);
  std::unique_lock late(one, std::defer_lock), timed(one, 1ms), until(one, std::chrono::system_clock::now() + 1ms);
  return again && !late.try_lock() && !timed && !until && !late.try_lock_for(std::chrono::duration<double>(0.001)) &&
         !late.try_lock_until(std::chrono::steady_clock::now());
}

// Waits with anything that has lock() and unlock().
template <class Lock>
bool a_condition_waits_with(Lock&& lock) {
  park::condition_variable never;
  return never.wait_for(lock, 1ms) == std::cv_status::timeout && !never.wait_for(lock, 1ms, [] { return false; }) &&
         never.wait_until(lock, std::chrono::system_clock::now()) == std::cv_status::timeout &&
         never.wait_until(lock, std::chrono::steady_clock::now(), [] { return true; });
}

template <class Mutex>
bool a_condition_waits_with_locked() {
  Mutex mutex;
  std::unique_lock lock(mutex);
  return a_condition_waits_with(lock) && a_condition_waits_with(mutex);
}

bool conditions_work() {
  std::shared_mutex shared;
  bool ready = false;
  const park::thread other([&] {
    {
      const std::lock_guard hold(global_mutex);
      ready = true;
    }
    global_condition.notify_one();
  });
  std::unique_lock lock(global_mutex);
  global_condition.wait(lock, [&] { return ready; });
  lock.unlock();
  return a_condition_waits_with_locked<park::mutex>() && a_condition_waits_with_locked<park::recursive_mutex>() &&
         a_condition_waits_with_locked<std::mutex>() && a_condition_waits_with_locked<std::timed_mutex>() &&
         a_condition_waits_with(std::shared_lock(shared));
}

bool queues_work() {
  park::bounded_queue<std::unique_ptr<int>> moved(2);
  park::bounded_queue<std::string> made(2);
  park::bounded_queue<perhaps_throwing> locked(1);
  park::bounded_queue<over_aligned> aligned(3);
  auto five = std::make_unique<int>(5);
  const std::string word("word");
  const bool pushed = moved.push(std::move(five)) && moved.try_emplace(new int(6)) && !moved.push_for(nullptr, 1ms) &&
                      made.push(word) && made.emplace(std::size_t{2}, 'x') && locked.push({}) && aligned.push({});
  const auto popped = moved.pop();
  made.close();
  const std::optional<std::string> first = made.pop(), second = made.try_pop(), none = made.pop();
  return pushed && popped && **popped == 5 && **moved.pop_for(1h) == 6 && first == word && second == "xx" && !none &&
         locked.pop()->value == 1 && aligned.pop()->value == 2;
}

bool waits_work() {
  park::event clear;
  park::countdown_latch one;
  park::bounded_semaphore none(0), single;
  const auto soon = std::chrono::steady_clock::now() + 1ms;
  const bool in_vain = !clear.wait_for(1ms) && !clear.wait_until(soon) && !one.wait_for(1ms) && !one.wait_until(soon) &&
                       !none.try_acquire_for(1ms) && !none.try_acquire_until(soon);
  global_event.set(), clear.set(), one.count_down(), single.acquire(), single.release();
  global_countdown_latch.count_down(), global_countdown_latch.count_down();
  global_event.wait(), clear.wait(), one.wait(), global_countdown_latch.wait();
  return in_vain && one.try_set_count(3) && one.count() == 3 && single.bound() == 1 &&
         global_bounded_semaphore.try_acquire(2) && global_recursive_mutex.try_lock();
}

bool stops_work() {
#if PARK_HAS_STOP_TOKEN
  std::stop_source source;
  source.request_stop();
  const std::stop_token stop = source.get_token();
  park::event clear;
  park::countdown_latch one;
  park::bounded_semaphore none(0);
  park::bounded_queue<int> empty(1);
  park::condition_variable never;
  park::mutex mutex;
  park::recursive_mutex nested;
  std::unique_lock lock(mutex);
  return !clear.wait(stop) && !one.wait_for(stop, 1h) && !none.acquire(stop) && !empty.pop(stop) &&
         empty.push(1, stop) && !empty.push(2, stop) && !mutex.lock(stop) && nested.lock(stop) &&
         !never.wait(lock, stop, [] { return false; }) && !never.wait_for(lock, stop, 1h, [] { return false; });
#else
  return true;
#endif
}

}  // namespace

bool family_works() {
  return templates_work() && locks_work() && conditions_work() && queues_work() && waits_work() && stops_work();
}
