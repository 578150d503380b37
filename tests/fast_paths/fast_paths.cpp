#include "fast_paths/fast_paths.hpp"

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

}  // namespace fast_paths
