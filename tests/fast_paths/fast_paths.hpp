// The members whose fast paths are counted, one function each, so that each has a place of its own in the disassembly.
#pragma once

#include <cstdint>

#include "park/barrier.hpp"
#include "park/bounded_queue.hpp"
#include "park/bounded_semaphore.hpp"
#include "park/condition_variable.hpp"
#include "park/countdown_latch.hpp"
#include "park/cyclic_barrier.hpp"
#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "park/semaphore.hpp"

namespace fast_paths {

using plain_semaphore = park::counting_semaphore<>;
using wide_semaphore = park::counting_semaphore<PTRDIFF_MAX>;
using plain_barrier = park::barrier<>;

struct completion {
  void operator()() const noexcept {}
};
using completing_barrier = park::barrier<completion>;
using plain_cyclic_barrier = park::cyclic_barrier<>;
using plain_queue = park::bounded_queue<int>;

extern "C" {
void latch_count_down(park::latch& latch);
bool latch_try_wait(const park::latch& latch);
void latch_wait(const park::latch& latch);
void latch_arrive_and_wait(park::latch& latch);

void semaphore_release(plain_semaphore& semaphore);
void semaphore_acquire(plain_semaphore& semaphore);
bool semaphore_try_acquire(plain_semaphore& semaphore);

void wide_semaphore_release(wide_semaphore& semaphore);
void wide_semaphore_acquire(wide_semaphore& semaphore);
bool wide_semaphore_try_acquire(wide_semaphore& semaphore);

void barrier_arrive(plain_barrier& barrier, plain_barrier::arrival_token& token);
void barrier_arrive_and_wait(plain_barrier& barrier);
void barrier_arrive_and_drop(plain_barrier& barrier);
bool barrier_try_wait(const plain_barrier& barrier, const plain_barrier::arrival_token& token);
void barrier_wait(const plain_barrier& barrier, plain_barrier::arrival_token& token);
void completing_barrier_arrive_and_wait(completing_barrier& barrier);

void event_set(park::event& event);
void event_clear(park::event& event);
bool event_is_set(const park::event& event);
void event_wait(const park::event& event);

void countdown_latch_count_down(park::countdown_latch& latch);
void countdown_latch_wait(const park::countdown_latch& latch);

void mutex_lock(park::mutex& mutex);
bool mutex_try_lock(park::mutex& mutex);
void mutex_unlock(park::mutex& mutex);

void recursive_mutex_lock(park::recursive_mutex& mutex);
void recursive_mutex_unlock(park::recursive_mutex& mutex);

void condition_variable_notify_one(park::condition_variable& condition);
void condition_variable_notify_all(park::condition_variable& condition);

void bounded_semaphore_release(park::bounded_semaphore& semaphore);
void bounded_semaphore_acquire(park::bounded_semaphore& semaphore);

void cyclic_barrier_wait(plain_cyclic_barrier& barrier);

bool bounded_queue_push(plain_queue& queue, int item);
bool bounded_queue_try_push(plain_queue& queue, int item);
bool bounded_queue_pop(plain_queue& queue, int& item);
bool bounded_queue_try_pop(plain_queue& queue, int& item);
}

}  // namespace fast_paths
