// Uses every public type, its templates instantiated in the ways that differ, so that a compiler says all that it has to say of park's
// headers where they are found by -I. Compiled only, for each lot: nothing here is run.
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "park/brief_backoff.hpp"
#include "park/park.hpp"

// All that is not a template.
#define PARK_TEST_INSTANTIATE(lot)                                                   \
  template class park::basic_latch<park::lot>;                                       \
  template class park::basic_counting_semaphore<1, park::lot>;                       \
  template class park::basic_counting_semaphore<1000, park::lot>;                    \
  template class park::basic_counting_semaphore<PTRDIFF_MAX, park::lot>;             \
  template class park::basic_barrier<park::detail::no_completion, park::lot>;        \
  template class park::basic_barrier<void (*)(), park::lot>;                         \
  template class park::basic_bounded_semaphore<park::lot>;                           \
  template class park::basic_countdown_latch<park::lot>;                             \
  template class park::basic_cyclic_barrier<park::detail::no_completion, park::lot>; \
  template class park::basic_cyclic_barrier<void (*)(), park::lot>;                  \
  template class park::basic_event<park::lot>;                                       \
  template class park::basic_mutex<park::lot>;                                       \
  template class park::basic_recursive_mutex<park::lot>;                             \
  template class park::basic_condition_variable<park::lot>;                          \
  template class park::basic_bounded_queue<int, park::lot>;                          \
  template class park::basic_bounded_queue<bool, park::lot>;                         \
  template class park::basic_bounded_queue<std::string, park::lot>;                  \
  template class park::basic_thread<park::lot>;                                      \
  template class park::basic_timer<park::lot>;
#if defined(PARK_TEST_ONE_LOT)
#define PARK_TEST_LOTS(apply) apply(native_lot)
#else
#define PARK_TEST_LOTS(apply) PARK_FOR_EACH_LOT(apply)
#endif
PARK_TEST_LOTS(PARK_TEST_INSTANTIATE)

template class park::counting_semaphore<7>;
template class park::barrier<void (*)()>;
template class park::cyclic_barrier<void (*)()>;
template class park::bounded_queue<double>;

namespace {

using namespace std::chrono_literals;

// A clock of the user's own, whose count has no sign.
struct ticking {
  using rep = std::uint32_t;
  using period = std::milli;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<ticking>;
  [[maybe_unused]] static constexpr bool is_steady = true;
  static time_point now() noexcept { return time_point(duration(1)); }
};

// A lock of the user's own.
struct counted_lock {
  void lock() noexcept { ++depth; }
  void unlock() noexcept { --depth; }
  int depth = 0;
};

struct move_only {
  void operator()() noexcept { ++*runs; }
  std::unique_ptr<int> runs = std::make_unique<int>(0);
};
struct perhaps_throwing {
  perhaps_throwing() = default;
  perhaps_throwing(perhaps_throwing&& other) noexcept(false) : value(other.value) {}
  int value = 1;
};
struct alignas(128) over_aligned {
  int value = 2;
};

// Calls `wait` with each kind of what a timed wait takes.
template <class Wait>
bool for_times(Wait wait) {
  bool all = true;
  for (const bool each :
       {wait(1ns), wait(1h), wait(std::chrono::duration<double>(0.5)), wait(std::chrono::duration<float>(0.5F)),
        wait(std::chrono::duration<std::uint8_t>(std::uint8_t{1})),
        wait(std::chrono::duration<long double, std::ratio<3, 7>>(0.5L))})
    all = each && all;
  return all;
}

template <class Wait>
bool until_times(Wait wait) {
  const auto steady = std::chrono::steady_clock::now();
  bool all = true;
  for (const bool each : {wait(steady), wait(std::chrono::time_point_cast<std::chrono::duration<double>>(steady)),
                          wait(std::chrono::system_clock::now()), wait(ticking::now()),
                          wait(std::chrono::time_point_cast<std::chrono::hours>(std::chrono::system_clock::now()))})
    all = each && all;
  return all;
}

template <class Wait>
bool with_tokens([[maybe_unused]] Wait wait) {
#if PARK_HAS_STOP_TOKEN
  const std::stop_source source;
  return wait(source.get_token());
#else
  return true;
#endif
}

// The family of waits, by what each name is called.
template <class Waits>
bool all_waits(Waits&& one) {
  return for_times([&](auto time) { return one.wait_for(time); }) &&
         until_times([&](auto time) { return one.wait_until(time); }) && with_tokens([&](auto stop) {
           return one.wait(stop) && for_times([&](auto time) { return one.wait_for(stop, time); }) &&
                  until_times([&](auto time) { return one.wait_until(stop, time); });
         });
}

template <class Semaphore>
bool all_acquires(Semaphore& one) {
  return for_times([&](auto time) { return one.try_acquire_for(time) && one.try_acquire_for(2, time); }) &&
         until_times([&](auto time) { return one.try_acquire_until(time) && one.try_acquire_until(2, time); }) &&
         with_tokens([&](auto stop) {
           return one.acquire(stop) && one.acquire(2, stop) && for_times([&](auto time) {
                    return one.try_acquire_for(stop, time) && one.try_acquire_for(2, stop, time);
                  }) &&
                  until_times([&](auto time) {
                    return one.try_acquire_until(stop, time) && one.try_acquire_until(2, stop, time);
                  });
         });
}

template <class Mutex>
bool all_locks(Mutex& one) {
  const std::lock_guard<Mutex> guard(one);
  const std::unique_lock<Mutex> again(one, std::try_to_lock), soon(one, 1ms);
  return again && soon && for_times([&](auto time) { return one.try_lock_for(time); }) &&
         until_times([&](auto time) { return one.try_lock_until(time); }) && with_tokens([&](auto stop) {
           return one.lock(stop) && for_times([&](auto time) { return one.try_lock_for(stop, time); }) &&
                  until_times([&](auto time) { return one.try_lock_until(stop, time); });
         });
}

template <class Lot, class Lock>
bool waits_with(Lock&& lock) {
  park::basic_condition_variable<Lot> changed;
  const auto ready = [] { return true; };
  changed.wait(lock);
  changed.wait(lock, ready);
  return for_times([&](auto time) {
           return changed.wait_for(lock, time) == std::cv_status::timeout && changed.wait_for(lock, time, ready);
         }) &&
         until_times([&](auto time) {
           return changed.wait_until(lock, time) == std::cv_status::timeout && changed.wait_until(lock, time, ready);
         }) &&
         with_tokens([&](auto stop) {
           return changed.wait(lock, stop, ready) &&
                  for_times([&](auto time) { return changed.wait_for(lock, stop, time, ready); }) &&
                  until_times([&](auto time) { return changed.wait_until(lock, stop, time, ready); });
         });
}

template <class Lot>
bool conditions() {
  park::basic_mutex<Lot> mutex;
  park::basic_recursive_mutex<Lot> nested;
  std::shared_mutex shared;
  counted_lock counted;
  return waits_with<Lot>(mutex) && waits_with<Lot>(nested) &&
         waits_with<Lot>(std::unique_lock<decltype(mutex)>(mutex)) &&
         waits_with<Lot>(std::unique_lock<decltype(nested)>(nested)) &&
         waits_with<Lot>(std::shared_lock<std::shared_mutex>(shared)) && waits_with<Lot>(counted);
}

template <class Barrier>
bool all_of_a_barrier(Barrier& one) {
  one.arrive_and_wait();
  one.arrive_and_drop();
  typename Barrier::arrival_token token = one.arrive();
  token = one.arrive(2);
  const bool over = one.try_wait(token) && for_times([&](auto time) { return one.wait_for(token, time); }) &&
                    until_times([&](auto time) { return one.wait_until(token, time); }) && with_tokens([&](auto stop) {
                      return one.wait(token, stop) &&
                             for_times([&](auto time) { return one.wait_for(token, stop, time); }) &&
                             until_times([&](auto time) { return one.wait_until(token, stop, time); });
                    });
  one.wait(std::move(token));
  return over;
}

// Its waits return the index of the arrival.
template <class Barrier>
bool all_of_a_cyclic_barrier(Barrier& one) {
  return one.wait() == 0 && for_times([&](auto time) { return one.wait_for(time) == 0; }) &&
         until_times([&](auto time) { return one.wait_until(time) == 0; }) && with_tokens([&](auto stop) {
           return one.wait(stop) == 0 && for_times([&](auto time) { return one.wait_for(stop, time) == 0; }) &&
                  until_times([&](auto time) { return one.wait_until(stop, time) == 0; });
         });
}

template <class Lot>
bool barriers() {
  park::basic_barrier<park::detail::no_completion, Lot> plain(2);
  park::basic_barrier<move_only, Lot> completing(2, move_only());
  park::basic_cyclic_barrier<park::detail::no_completion, Lot> cyclic(2);
  park::basic_cyclic_barrier<move_only, Lot> acting(2, move_only());
  return all_of_a_barrier(plain) && all_of_a_barrier(completing) && all_of_a_cyclic_barrier(cyclic) &&
         all_of_a_cyclic_barrier(acting);
}

template <class T, class Lot, class Make>
bool queues(Make make) {
  park::basic_bounded_queue<T, Lot> queue(2);
  T item = make();
  const bool put =
      queue.push(std::move(item)) && queue.try_push(make()) && queue.emplace(make()) && queue.try_emplace(make()) &&
      for_times([&](auto time) { return queue.push_for(make(), time); }) &&
      until_times([&](auto time) { return queue.push_until(make(), time); }) && with_tokens([&](auto stop) {
        return queue.push(make(), stop) && for_times([&](auto time) { return queue.push_for(make(), stop, time); }) &&
               until_times([&](auto time) { return queue.push_until(make(), stop, time); });
      });
  const bool got =
      queue.pop() && queue.try_pop() && for_times([&](auto time) { return queue.pop_for(time).has_value(); }) &&
      until_times([&](auto time) { return queue.pop_until(time).has_value(); }) && with_tokens([&](auto stop) {
        return queue.pop(stop) && for_times([&](auto time) { return queue.pop_for(stop, time).has_value(); }) &&
               until_times([&](auto time) { return queue.pop_until(stop, time).has_value(); });
      });
  if constexpr (std::is_copy_constructible_v<T>) {
    const T copied = make();
    return put && got && queue.push(copied) && queue.try_push(copied) && queue.push_for(copied, 1ms);
  } else {
    return put && got;
  }
}

// What takes many items at once, and what counts those that are done with.
template <class T, class Lot, class Make>
bool queues_of_many(Make make) {
  park::basic_bounded_queue<T, Lot> queue(2);
  const auto some = [&make] {
    std::vector<T> items;
    items.push_back(make());
    return items;
  };
  std::vector<T> taken;
  const bool put = queue.push_range(some()) == 1 && queue.try_push_range(some()) == 1 &&
                   for_times([&](auto time) { return queue.push_range_for(some(), time) == 1; }) &&
                   until_times([&](auto time) { return queue.push_range_until(some(), time) == 1; }) &&
                   with_tokens([&](auto stop) {
                     return queue.push_range(some(), stop) == 1 &&
                            for_times([&](auto time) { return queue.push_range_for(some(), stop, time) == 1; }) &&
                            until_times([&](auto time) { return queue.push_range_until(some(), stop, time) == 1; });
                   });
  const bool got = queue.drain(std::back_inserter(taken), 3) == 3;
  queue.task_done();
  queue.task_done(2);
  queue.wait_done();
  return put && got && for_times([&](auto time) { return queue.wait_done_for(time); }) &&
         until_times([&](auto time) { return queue.wait_done_until(time); }) && with_tokens([&](auto stop) {
           return queue.wait_done(stop) && for_times([&](auto time) { return queue.wait_done_for(stop, time); }) &&
                  until_times([&](auto time) { return queue.wait_done_until(stop, time); });
         });
}

template <class Lot>
bool threads_and_timers() {
  struct worker {
    void work(int& more) const { more += kind; }
    int kind = 0;
  };
  int sum = 0;
  worker one;
  park::basic_thread<Lot> plain([&sum](int more) { sum += more; }, 1);
  park::basic_thread<Lot> named(
      {.name = "named", .daemon = true}, [&sum](std::unique_ptr<int> more) { sum += *more; }, std::make_unique<int>(2));
  park::basic_thread<Lot> member(&worker::work, &one, std::ref(sum));
  plain = std::move(named);
  swap(plain, member);
  const bool joined = for_times([&](auto time) { return plain.join_for(time); }) &&
                      until_times([&](auto time) { return plain.join_until(time); }) && with_tokens([&](auto stop) {
                        park::basic_thread<Lot> asked([](decltype(stop)) {});
                        return asked.request_stop() && plain.join(stop) &&
                               for_times([&](auto time) { return plain.join_for(stop, time); }) &&
                               until_times([&](auto time) { return plain.join_until(stop, time); });
                      });
  park::basic_timer<Lot> soon(
      1ms, [&sum](int more) { sum += more; }, 3),
      other(std::chrono::duration<double>(0.5), move_only());
  soon = std::move(other);
  swap(soon, other);
  return joined && sum == 0 && other.cancel() && all_waits(soon);
}

template <class Lot>
bool family() {
  park::basic_latch<Lot> latch(1);
  park::basic_event<Lot> event;
  park::basic_countdown_latch<Lot> countdown;
  park::basic_counting_semaphore<10, Lot> narrow(2);
  park::basic_counting_semaphore<PTRDIFF_MAX, Lot> wide(2);
  park::basic_bounded_semaphore<Lot> bounded(2);
  park::basic_mutex<Lot> mutex;
  park::basic_recursive_mutex<Lot> nested;
  return all_waits(latch) && all_waits(event) && all_waits(countdown) && all_acquires(narrow) && all_acquires(wide) &&
         all_acquires(bounded) && all_locks(mutex) && all_locks(nested) && conditions<Lot>() && barriers<Lot>() &&
         queues<int, Lot>([] { return 1; }) && queues_of_many<int, Lot>([] { return 1; }) &&
         queues_of_many<std::unique_ptr<int>, Lot>([] { return std::make_unique<int>(1); }) &&
         queues<std::string, Lot>([] { return std::string("word"); }) &&
         queues<std::unique_ptr<int>, Lot>([] { return std::make_unique<int>(1); }) &&
         queues<perhaps_throwing, Lot>([] { return perhaps_throwing(); }) &&
         queues<over_aligned, Lot>([] { return over_aligned(); }) && threads_and_timers<Lot>();
}

}  // namespace

#define PARK_TEST_FAMILY_OF(lot) family<park::lot>()&&
bool uses_the_family();
bool uses_the_family() { return PARK_TEST_LOTS(PARK_TEST_FAMILY_OF) park::this_thread::name().empty(); }
