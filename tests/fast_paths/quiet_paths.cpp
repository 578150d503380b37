#include "fast_paths/paths.hpp"

namespace fast_paths {
namespace {

const path paths[] = {
    {"latch_count_down", PARK_FUNCTION(latch_count_down),
     [](begin_function begin) {
       park::latch latch(2);
       begin(), latch_count_down(latch);
     }},
    {"latch_count_down_last", PARK_FUNCTION(latch_count_down),
     [](begin_function begin) {
       park::latch latch(1);
       begin(), latch_count_down(latch);
     }},
    {"latch_try_wait", PARK_FUNCTION(latch_try_wait),
     [](begin_function begin) {
       const park::latch latch(0);
       begin(), latch_try_wait(latch);
     }},
    {"latch_wait", PARK_FUNCTION(latch_wait),
     [](begin_function begin) {
       const park::latch latch(0);
       begin(), latch_wait(latch);
     }},
    {"latch_arrive_and_wait_last", PARK_FUNCTION(latch_arrive_and_wait),
     [](begin_function begin) {
       park::latch latch(1);
       begin(), latch_arrive_and_wait(latch);
     }},
    {"semaphore_release", PARK_FUNCTION(semaphore_release),
     [](begin_function begin) {
       plain_semaphore semaphore(0);
       begin(), semaphore_release(semaphore);
     }},
    {"semaphore_acquire", PARK_FUNCTION(semaphore_acquire),
     [](begin_function begin) {
       plain_semaphore semaphore(1);
       begin(), semaphore_acquire(semaphore);
     }},
    {"semaphore_try_acquire", PARK_FUNCTION(semaphore_try_acquire),
     [](begin_function begin) {
       plain_semaphore semaphore(1);
       begin(), semaphore_try_acquire(semaphore);
     }},
    {"semaphore_try_acquire_fails", PARK_FUNCTION(semaphore_try_acquire),
     [](begin_function begin) {
       plain_semaphore semaphore(0);
       begin(), semaphore_try_acquire(semaphore);
     }},
    {"wide_semaphore_release", PARK_FUNCTION(wide_semaphore_release),
     [](begin_function begin) {
       wide_semaphore semaphore(0);
       begin(), wide_semaphore_release(semaphore);
     }},
    {"wide_semaphore_acquire", PARK_FUNCTION(wide_semaphore_acquire),
     [](begin_function begin) {
       wide_semaphore semaphore(1);
       begin(), wide_semaphore_acquire(semaphore);
     }},
    {"wide_semaphore_try_acquire", PARK_FUNCTION(wide_semaphore_try_acquire),
     [](begin_function begin) {
       wide_semaphore semaphore(1);
       begin(), wide_semaphore_try_acquire(semaphore);
     }},
    {"wide_semaphore_try_acquire_fails", PARK_FUNCTION(wide_semaphore_try_acquire),
     [](begin_function begin) {
       wide_semaphore semaphore(0);
       begin(), wide_semaphore_try_acquire(semaphore);
     }},
    {"barrier_arrive", PARK_FUNCTION(barrier_arrive),
     [](begin_function begin) {
       plain_barrier barrier(3);
       auto token = barrier.arrive();
       begin(), barrier_arrive(barrier, token);
     }},
    {"barrier_arrive_last", PARK_FUNCTION(barrier_arrive),
     [](begin_function begin) {
       plain_barrier barrier(2);
       auto token = barrier.arrive();
       begin(), barrier_arrive(barrier, token);
     }},
    {"barrier_arrive_and_wait_of_one", PARK_FUNCTION(barrier_arrive_and_wait),
     [](begin_function begin) {
       plain_barrier barrier(1);
       begin(), barrier_arrive_and_wait(barrier);
     }},
    {"barrier_arrive_and_drop", PARK_FUNCTION(barrier_arrive_and_drop),
     [](begin_function begin) {
       plain_barrier barrier(2);
       begin(), barrier_arrive_and_drop(barrier);
     }},
    {"barrier_try_wait_passed", PARK_FUNCTION(barrier_try_wait),
     [](begin_function begin) {
       plain_barrier barrier(1);
       const auto token = barrier.arrive();
       begin(), barrier_try_wait(barrier, token);
     }},
    {"barrier_wait_passed", PARK_FUNCTION(barrier_wait),
     [](begin_function begin) {
       plain_barrier barrier(1);
       auto token = barrier.arrive();
       begin(), barrier_wait(barrier, token);
     }},
    {"completing_barrier_arrive_and_wait_of_one", PARK_FUNCTION(completing_barrier_arrive_and_wait),
     [](begin_function begin) {
       completing_barrier barrier(1);
       begin(), completing_barrier_arrive_and_wait(barrier);
     }},
    {"event_set", PARK_FUNCTION(event_set),
     [](begin_function begin) {
       park::event event;
       begin(), event_set(event);
     }},
    {"event_set_again", PARK_FUNCTION(event_set),
     [](begin_function begin) {
       park::event event;
       event.set();
       begin(), event_set(event);
     }},
    {"event_clear", PARK_FUNCTION(event_clear),
     [](begin_function begin) {
       park::event event;
       event.set();
       begin(), event_clear(event);
     }},
    {"event_clear_again", PARK_FUNCTION(event_clear),
     [](begin_function begin) {
       park::event event;
       begin(), event_clear(event);
     }},
    {"event_is_set", PARK_FUNCTION(event_is_set),
     [](begin_function begin) {
       const park::event event;
       begin(), event_is_set(event);
     }},
    {"event_wait_set", PARK_FUNCTION(event_wait),
     [](begin_function begin) {
       park::event event;
       event.set();
       begin(), event_wait(event);
     }},
    {"countdown_latch_count_down", PARK_FUNCTION(countdown_latch_count_down),
     [](begin_function begin) {
       park::countdown_latch latch(2);
       begin(), countdown_latch_count_down(latch);
     }},
    {"countdown_latch_count_down_last", PARK_FUNCTION(countdown_latch_count_down),
     [](begin_function begin) {
       park::countdown_latch latch(1);
       begin(), countdown_latch_count_down(latch);
     }},
    {"countdown_latch_count_down_at_zero", PARK_FUNCTION(countdown_latch_count_down),
     [](begin_function begin) {
       park::countdown_latch latch(0);
       begin(), countdown_latch_count_down(latch);
     }},
    {"countdown_latch_wait_at_zero", PARK_FUNCTION(countdown_latch_wait),
     [](begin_function begin) {
       const park::countdown_latch latch(0);
       begin(), countdown_latch_wait(latch);
     }},
    {"mutex_lock", PARK_FUNCTION(mutex_lock),
     [](begin_function begin) {
       park::mutex mutex;
       begin(), mutex_lock(mutex);
     }},
    {"mutex_try_lock", PARK_FUNCTION(mutex_try_lock),
     [](begin_function begin) {
       park::mutex mutex;
       begin(), mutex_try_lock(mutex);
     }},
    {"mutex_unlock", PARK_FUNCTION(mutex_unlock),
     [](begin_function begin) {
       park::mutex mutex;
       mutex.lock();
       begin(), mutex_unlock(mutex);
     }},
    {"recursive_mutex_lock", PARK_FUNCTION(recursive_mutex_lock),
     [](begin_function begin) {
       park::recursive_mutex mutex;
       begin(), recursive_mutex_lock(mutex);
     }},
    {"recursive_mutex_lock_again", PARK_FUNCTION(recursive_mutex_lock),
     [](begin_function begin) {
       park::recursive_mutex mutex;
       mutex.lock();
       begin(), recursive_mutex_lock(mutex);
     }},
    {"recursive_mutex_unlock", PARK_FUNCTION(recursive_mutex_unlock),
     [](begin_function begin) {
       park::recursive_mutex mutex;
       mutex.lock();
       begin(), recursive_mutex_unlock(mutex);
     }},
    {"recursive_mutex_unlock_one_of_two", PARK_FUNCTION(recursive_mutex_unlock),
     [](begin_function begin) {
       park::recursive_mutex mutex;
       mutex.lock(), mutex.lock();
       begin(), recursive_mutex_unlock(mutex);
     }},
    {"condition_variable_notify_one", PARK_FUNCTION(condition_variable_notify_one),
     [](begin_function begin) {
       park::condition_variable condition;
       begin(), condition_variable_notify_one(condition);
     }},
    {"condition_variable_notify_all", PARK_FUNCTION(condition_variable_notify_all),
     [](begin_function begin) {
       park::condition_variable condition;
       begin(), condition_variable_notify_all(condition);
     }},
    {"bounded_semaphore_release", PARK_FUNCTION(bounded_semaphore_release),
     [](begin_function begin) {
       park::bounded_semaphore semaphore(1);
       semaphore.acquire();
       begin(), bounded_semaphore_release(semaphore);
     }},
    {"bounded_semaphore_acquire", PARK_FUNCTION(bounded_semaphore_acquire),
     [](begin_function begin) {
       park::bounded_semaphore semaphore(1);
       begin(), bounded_semaphore_acquire(semaphore);
     }},
    {"cyclic_barrier_wait_of_one", PARK_FUNCTION(cyclic_barrier_wait),
     [](begin_function begin) {
       plain_cyclic_barrier barrier(1);
       begin(), cyclic_barrier_wait(barrier);
     }},
    {"bounded_queue_push", PARK_FUNCTION(bounded_queue_push),
     [](begin_function begin) {
       plain_queue queue(3);
       static_cast<void>(queue.push(1));
       begin(), bounded_queue_push(queue, 2);
     }},
    {"bounded_queue_try_push", PARK_FUNCTION(bounded_queue_try_push),
     [](begin_function begin) {
       plain_queue queue(3);
       static_cast<void>(queue.push(1));
       begin(), bounded_queue_try_push(queue, 2);
     }},
    {"bounded_queue_pop", PARK_FUNCTION(bounded_queue_pop),
     [](begin_function begin) {
       plain_queue queue(3);
       static_cast<void>(queue.push(1)), static_cast<void>(queue.push(2));
       int item = 0;
       begin(), bounded_queue_pop(queue, item);
     }},
    {"bounded_queue_try_pop", PARK_FUNCTION(bounded_queue_try_pop),
     [](begin_function begin) {
       plain_queue queue(3);
       static_cast<void>(queue.push(1)), static_cast<void>(queue.push(2));
       int item = 0;
       begin(), bounded_queue_try_pop(queue, item);
     }},
};

}  // namespace

std::span<const path> quiet_paths() { return paths; }

}  // namespace fast_paths
