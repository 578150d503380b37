// The members whose fast paths are counted, one function each, so that each has a place of its own in the disassembly.
#pragma once

#include <cstdint>

#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"

namespace fast_paths {

using plain_semaphore = park::counting_semaphore<>;
using wide_semaphore = park::counting_semaphore<PTRDIFF_MAX>;
using plain_barrier = park::barrier<>;

struct completion {
  void operator()() const noexcept {}
};
using completing_barrier = park::barrier<completion>;

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
}

}  // namespace fast_paths
