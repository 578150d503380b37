#include <atomic>
#include <mutex>
#include <thread>

#include "fast_paths/paths.hpp"
#include "support/asleep.hpp"
#include "support/crew.hpp"

namespace fast_paths {
namespace {

// Threads that the operating system has sleep in what they do; joined when woken.
class sleepers {
 public:
  template <class Wait>
  explicit sleepers(int count, Wait wait) {
    for (int index = 0; index < count; ++index) {
      std::atomic<support::thread_id> thread{support::no_thread};
      crew_.add([&thread, wait] {
        thread = support::this_thread();
        wait();
      });
      support::thread_id id = support::no_thread;
      while ((id = thread) == support::no_thread || !support::asleep(id)) std::this_thread::yield();
    }
  }

 private:
  support::crew crew_;
};

const path paths[] = {
    {"latch_count_down_wakes_two", PARK_FUNCTION(latch_count_down),
     [](begin_function begin) {
       park::latch latch(1);
       const sleepers two(2, [&] { latch.wait(); });
       begin(), latch_count_down(latch);
     }},
    {"semaphore_release_wakes_one", PARK_FUNCTION(semaphore_release),
     [](begin_function begin) {
       plain_semaphore semaphore(0);
       const sleepers one(1, [&] { semaphore.acquire(); });
       begin(), semaphore_release(semaphore);
     }},
    {"wide_semaphore_release_wakes_one", PARK_FUNCTION(wide_semaphore_release),
     [](begin_function begin) {
       wide_semaphore semaphore(0);
       const sleepers one(1, [&] { semaphore.acquire(); });
       begin(), wide_semaphore_release(semaphore);
     }},
    {"bounded_semaphore_release_wakes_one", PARK_FUNCTION(bounded_semaphore_release),
     [](begin_function begin) {
       park::bounded_semaphore semaphore(1);
       semaphore.acquire();
       const sleepers one(1, [&] { semaphore.acquire(); });
       begin(), bounded_semaphore_release(semaphore);
     }},
    {"barrier_arrive_wakes_two", PARK_FUNCTION(barrier_arrive),
     [](begin_function begin) {
       plain_barrier barrier(4);
       auto token = barrier.arrive();
       const sleepers two(2, [&] { barrier.arrive_and_wait(); });
       begin(), barrier_arrive(barrier, token);
     }},
    {"cyclic_barrier_wait_wakes_two", PARK_FUNCTION(cyclic_barrier_wait),
     [](begin_function begin) {
       plain_cyclic_barrier barrier(3);
       const sleepers two(2, [&] { barrier.wait(); });
       begin(), cyclic_barrier_wait(barrier);
     }},
    {"event_set_wakes_two", PARK_FUNCTION(event_set),
     [](begin_function begin) {
       park::event event;
       const sleepers two(2, [&] { event.wait(); });
       begin(), event_set(event);
     }},
    {"countdown_latch_count_down_wakes_two", PARK_FUNCTION(countdown_latch_count_down),
     [](begin_function begin) {
       park::countdown_latch latch(1);
       const sleepers two(2, [&] { latch.wait(); });
       begin(), countdown_latch_count_down(latch);
     }},
    {"mutex_unlock_wakes_one", PARK_FUNCTION(mutex_unlock),
     [](begin_function begin) {
       park::mutex mutex;
       mutex.lock();
       const sleepers one(1, [&] { mutex.lock(), mutex.unlock(); });
       begin(), mutex_unlock(mutex);
     }},
    {"recursive_mutex_unlock_wakes_one", PARK_FUNCTION(recursive_mutex_unlock),
     [](begin_function begin) {
       park::recursive_mutex mutex;
       mutex.lock();
       const sleepers one(1, [&] { mutex.lock(), mutex.unlock(); });
       begin(), recursive_mutex_unlock(mutex);
     }},
    {"condition_variable_notify_one_wakes_one", PARK_FUNCTION(condition_variable_notify_one),
     [](begin_function begin) {
       park::mutex mutex;
       park::condition_variable condition;
       const sleepers one(1, [&] {
         std::unique_lock lock(mutex);
         condition.wait(lock);
       });
       begin(), condition_variable_notify_one(condition);
     }},
    {"bounded_queue_push_wakes_one", PARK_FUNCTION(bounded_queue_push),
     [](begin_function begin) {
       plain_queue queue(3);
       const sleepers one(1, [&] { static_cast<void>(queue.pop()); });
       begin(), bounded_queue_push(queue, 1);
     }},
    {"bounded_queue_pop_wakes_one", PARK_FUNCTION(bounded_queue_pop),
     [](begin_function begin) {
       plain_queue queue(1);
       static_cast<void>(queue.push(1));
       const sleepers one(1, [&] { static_cast<void>(queue.push(2)); });
       int item = 0;
       begin(), bounded_queue_pop(queue, item);
     }},
};

}  // namespace

std::span<const path> waking_paths() { return paths; }

}  // namespace fast_paths
