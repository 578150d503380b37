#include "fast_paths/fast_paths.hpp"

#include <optional>
#include <utility>

#include PARK_FAST_PATHS_EXTRA  // extra(): nothing, or what makes this a mutant

namespace fast_paths {

void latch_count_down(park::latch& latch) { extra(), latch.count_down(); }
bool latch_try_wait(const park::latch& latch) { return extra(), latch.try_wait(); }
void latch_wait(const park::latch& latch) { extra(), latch.wait(); }
void latch_arrive_and_wait(park::latch& latch) { extra(), latch.arrive_and_wait(); }

void semaphore_release(plain_semaphore& semaphore) { extra(), semaphore.release(); }
void semaphore_acquire(plain_semaphore& semaphore) { extra(), semaphore.acquire(); }
bool semaphore_try_acquire(plain_semaphore& semaphore) { return extra(), semaphore.try_acquire(); }

void wide_semaphore_release(wide_semaphore& semaphore) { extra(), semaphore.release(); }
void wide_semaphore_acquire(wide_semaphore& semaphore) { extra(), semaphore.acquire(); }
bool wide_semaphore_try_acquire(wide_semaphore& semaphore) { return extra(), semaphore.try_acquire(); }

void barrier_arrive(plain_barrier& barrier, plain_barrier::arrival_token& token) { extra(), token = barrier.arrive(); }
void barrier_arrive_and_wait(plain_barrier& barrier) { extra(), barrier.arrive_and_wait(); }
void barrier_arrive_and_drop(plain_barrier& barrier) { extra(), barrier.arrive_and_drop(); }
bool barrier_try_wait(const plain_barrier& barrier, const plain_barrier::arrival_token& token) {
  return extra(), barrier.try_wait(token);
}
void barrier_wait(const plain_barrier& barrier, plain_barrier::arrival_token& token) {
  extra(), barrier.wait(std::move(token));
}
void completing_barrier_arrive_and_wait(completing_barrier& barrier) { extra(), barrier.arrive_and_wait(); }

void event_set(park::event& event) { extra(), event.set(); }
void event_clear(park::event& event) { extra(), event.clear(); }
bool event_is_set(const park::event& event) { return extra(), event.is_set(); }
void event_wait(const park::event& event) { extra(), event.wait(); }

void countdown_latch_count_down(park::countdown_latch& latch) { extra(), latch.count_down(); }
void countdown_latch_wait(const park::countdown_latch& latch) { extra(), latch.wait(); }

void mutex_lock(park::mutex& mutex) { extra(), mutex.lock(); }
bool mutex_try_lock(park::mutex& mutex) { return extra(), mutex.try_lock(); }
void mutex_unlock(park::mutex& mutex) { extra(), mutex.unlock(); }

void recursive_mutex_lock(park::recursive_mutex& mutex) { extra(), mutex.lock(); }
void recursive_mutex_unlock(park::recursive_mutex& mutex) { extra(), mutex.unlock(); }

void condition_variable_notify_one(park::condition_variable& condition) { extra(), condition.notify_one(); }
void condition_variable_notify_all(park::condition_variable& condition) { extra(), condition.notify_all(); }

void bounded_semaphore_release(park::bounded_semaphore& semaphore) { extra(), semaphore.release(); }
void bounded_semaphore_acquire(park::bounded_semaphore& semaphore) { extra(), semaphore.acquire(); }

void cyclic_barrier_wait(plain_cyclic_barrier& barrier) { extra(), barrier.wait(); }

bool bounded_queue_push(plain_queue& queue, int item) { return extra(), queue.push(item); }
bool bounded_queue_try_push(plain_queue& queue, int item) { return extra(), queue.try_push(item); }
bool bounded_queue_pop(plain_queue& queue, int& item) {
  extra();
  const std::optional<int> found = queue.pop();
  if (found) item = *found;
  return found.has_value();
}
bool bounded_queue_try_pop(plain_queue& queue, int& item) {
  extra();
  const std::optional<int> found = queue.try_pop();
  if (found) item = *found;
  return found.has_value();
}

}  // namespace fast_paths
