// What the first wait of a process asks of the machine. By itself, since it stands in front of functions of the C library, where it holds
// a thread for as long as another forks.
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "park/backoff.hpp"
#include "park/semaphore.hpp"
#include "support/child.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/program.hpp"

namespace {

using namespace std::chrono_literals;

constinit std::atomic<const char*> held_at{nullptr};  // the name of which a call is held
constinit std::atomic<bool> held{false}, let_go{false};
constinit std::atomic<int> opened{0}, opened_while_cancellable{0};

void come_by(const char* name) {
  const char* const wanted = held_at;
  if (wanted == nullptr || std::strcmp(name, wanted) != 0 || held.exchange(true)) return;
  support::eventually([] { return let_go.load(); });
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  static const auto next = real<int(const char*, int, ...)>("open");
  int state = PTHREAD_CANCEL_ENABLE;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  ++opened;
  if (state == PTHREAD_CANCEL_ENABLE) ++opened_while_cancellable;
  come_by(path);
  const int descriptor = next(path, flags);
  pthread_setcancelstate(state, &state);
  return descriptor;
}

char* getenv(const char* name) noexcept {
  static const auto next = real<char*(const char*)>("getenv");
  come_by(name);
  return next(name);
}
}

namespace {

// One thread is held in its first wait; the child of another must not wait for it to be done.
int fork_while_held_at(const char* name) {
  held_at = name;
  support::crew crew(1, [](int) {
    park::usable_cpus();
    park::spin_budget();
    park::counting_semaphore<> none(0);
    static_cast<void>(none.try_acquire_for(1ms));
  });
  support::eventually([] { return held.load(); });
  const support::ended ended = support::in_child([] {
    park::counting_semaphore<> none(0);
    if (park::usable_cpus() == 0 || none.try_acquire_for(1ms)) support::leave(2);
    park::set_spin_budget(1ms);
    if (park::spin_budget() != 1ms) support::leave(3);
  });
  let_go = true;
  return ended.exit_code;
}

const support::program while_reading("fork_while_reading_the_quota",
                                     [] { return fork_while_held_at("/proc/self/mountinfo"); });
const support::program while_asking("fork_while_asking_for_the_budget",
                                    [] { return fork_while_held_at("PARK_SPIN_NS"); });
const support::program cancellable("open_while_cancellable", [] {
  park::usable_cpus();
  park::counting_semaphore<> none(0);
  static_cast<void>(none.try_acquire_for(1ms));
  return opened > 0 && opened_while_cancellable == 0 ? 0 : 1;
});

TEST(first_wait, of_a_thread_that_is_not_in_the_child_does_not_hold_it) {
  for (const char* const name : {"fork_while_reading_the_quota", "fork_while_asking_for_the_budget"}) {
    const support::ended ended = support::run_program(name, [] {});
    EXPECT_EQ(0, ended.exit_code) << name << ": " << ended.output;
  }
}

TEST(first_wait, opens_nothing_while_the_thread_can_be_cancelled) {
  const support::ended ended = support::run_program("open_while_cancellable", [] {});
  EXPECT_EQ(0, ended.exit_code) << ended.output;
}

}  // namespace
