// park::hashed_lot wakes a thread when it holds no lock. By itself, since it stands between the library and the C library's locks:
// pthread_mutex_lock and its like are called through here, and count what the calling thread holds.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "park/deadline.hpp"
#include "park/hashed_lot.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"

namespace {

// In a thread that is watched.
struct counts {
  bool watched = false;
  int locks = 0;    // taken
  int held = 0;     // now
  int signals = 0;  // of condition variables
  int most_held_at_a_signal = 0;
};
thread_local counts mine;

void note_signal() {
  if (!mine.watched) return;
  ++mine.signals;
  if (mine.held > mine.most_held_at_a_signal) mine.most_held_at_a_signal = mine.held;
}

// The C library's function. `known` is an atomic and no static local, whose guard may lock a mutex through here.
template <class Function>
Function* real(const char* name, std::atomic<Function*>& known) {
  if (known == nullptr) known = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  return known;
}

}  // namespace

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  static constinit std::atomic<int (*)(pthread_mutex_t*)> lock{nullptr};
  if (mine.watched) ++mine.locks, ++mine.held;
  return real("pthread_mutex_lock", lock)(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  static constinit std::atomic<int (*)(pthread_mutex_t*)> unlock{nullptr};
  if (mine.watched) --mine.held;
  return real("pthread_mutex_unlock", unlock)(mutex);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  static constinit std::atomic<int (*)(pthread_cond_t*)> signal{nullptr};
  note_signal();
  return real("pthread_cond_signal", signal)(condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  static constinit std::atomic<int (*)(pthread_cond_t*)> broadcast{nullptr};
  note_signal();
  return real("pthread_cond_broadcast", broadcast)(condition);
}
}

namespace {

using park::hashed_lot;

TEST(hashed_lot, wakes_a_thread_when_it_holds_no_lock) {
  constexpr int sleepers = 3;
  hashed_lot::atomic<std::uint32_t> word{0};
  const auto where = hashed_lot::whole(word);
  std::atomic<int> awake{0};
  support::crew crew(sleepers, [&](int) {
    while (word.load(std::memory_order_acquire) == 0) hashed_lot::park(where, 0, park::deadline::never());
    ++awake;
  });
  mine.watched = true;
  // Wakes of no reason first, until each has slept and been woken as often; then for good.
  support::eventually([&] {
    hashed_lot::unpark(where, park::everyone);
    return mine.signals >= 10;
  });
  word.store(1, std::memory_order_release);
  hashed_lot::unpark(where, park::everyone);
  mine.watched = false;
  EXPECT_EQ(0, mine.most_held_at_a_signal);
  EXPECT_EQ(0, mine.held);
  EXPECT_GE(mine.locks, mine.signals);  // that of the sleeper, at least: the locks are seen
}

}  // namespace
