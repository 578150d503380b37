#include "park/mutex.hpp"

#include "model.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace {

using namespace model;
using mutex = park::basic_mutex<lot>;

// What the mutex guards: not atomic, so that two at once are a data race.
class guarded {
 public:
  void visit() {
    check(inside_.read() == 0, "one at a time");
    inside_.write(1);
    visits_.write(visits_.read() + 1);
    inside_.write(0);
  }
  void leave_after(int visits) const { check(visits_.read() == visits, "every visit"); }

 private:
  datum inside_, visits_;
};

// Each locks, works and unlocks, so many times; the first perhaps once more.
template <unsigned Threads, unsigned Rounds, unsigned More = 0>
class excludes : public scenario {
  void thread(unsigned index) override {
    for (unsigned round = 0; round < Rounds + (index == 0 ? More : 0); ++round) {
      mutex_.lock();
      guarded_.visit();
      mutex_.unlock();
    }
  }
  void after() override {
    guarded_.leave_after(Threads * Rounds + More);
    check(mutex_.try_lock(), "free, and nobody starves for it");
  }

  mutex mutex_;
  guarded guarded_;
};

// One tries while the other holds it, perhaps.
class tries : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      mutex_.lock();
    } else if (!mutex_.try_lock()) {
      return;
    }
    guarded_.visit();
    mutex_.unlock();
  }

  mutex mutex_;
  guarded guarded_;
};

// The last to use it destroys it: the other said, under the mutex, that it only has to unlock.
class dies : public scenario {
  void thread(unsigned) override {
    mutex_->lock();
    const int before = done_.read();
    done_.write(before + 1);
    mutex_->unlock();
    if (before == 1) mutex_.destroy();
  }

  mortal<mutex> mutex_;
  datum done_;
};

// The first of them gives up when its time comes, and leaves the others what was meant for it; the last comes again.
template <unsigned Timed>
class timed : public scenario {
  void thread(unsigned index) override {
    for (unsigned round = 0; round < (index < Timed ? 1 : 2); ++round) {
      if (index >= Timed) {
        mutex_.lock();
      } else if (!mutex_.try_lock_until(some_time())) {
        return;
      }
      guarded_.visit();
      mutex_.unlock();
    }
  }
  void after() override { check(mutex_.try_lock(), "free, and nobody starves for it"); }

  mutex mutex_;
  guarded guarded_;
};

// A stop request comes while one waits, or does not; another may wait too.
template <bool Timed>
class stopped : public scenario {
  void thread(unsigned index) override {
    if (index == 1) {
      if (!(Timed ? mutex_.try_lock_until(source_.get_token(), some_time()) : mutex_.lock(source_.get_token()))) return;
    } else {
      mutex_.lock();
    }
    guarded_.visit();
    if (index == 0) source_.request_stop();
    mutex_.unlock();
  }
  void after() override { check(mutex_.try_lock(), "free, and nobody starves for it"); }

  mutex mutex_;
  stop_source source_;
  guarded guarded_;
};

// One holds the mutex for good; who waits is stopped, and sees what came before the request.
class stopped_in_vain : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return source_.request_stop();
    }
    check(mutex_.try_lock() && !mutex_.lock(source_.get_token()), "a mutex that is not free");
    check(work_.read() == 1, "what came before is visible");
  }

  mutex mutex_;
  stop_source source_;
  datum work_;
};

const table mutexes({
    {"mutex.excludes_two", 2, {random(50000), bounded(4)}, make<excludes<2, 1>>},
    {"mutex.excludes_two_twice", 2, {random(100000), bounded(3)}, make<excludes<2, 2>>},
    {"mutex.excludes_three", 3, {random(100000), bounded(1)}, make<excludes<3, 1>>},
    {"mutex.excludes_one_that_comes_back", 3, {random(100000), bounded(1)}, make<excludes<3, 1, 1>>},
    {"mutex.excludes_three_twice", 3, {random(200000)}, make<excludes<3, 2>>},
    {"mutex.excludes_four_twice", 4, {random(300000)}, make<excludes<4, 2>>},
    {"mutex.tries", 2, {random(20000), exhaustive()}, make<tries>},
    {"mutex.dies", 2, {random(20000), bounded(4)}, make<dies>},
    {"mutex.timed", 2, {random(50000), bounded(3)}, make<timed<1>>},
    {"mutex.timed_beside_a_waiter", 3, {random(200000)}, make<timed<1>>},
    {"mutex.timed_beside_others", 4, {random(300000)}, make<timed<2>>},
    {"mutex.stopped", 2, {random(50000), bounded(3)}, make<stopped<false>>},
    {"mutex.stopped_beside_a_waiter", 3, {random(200000), bounded(1)}, make<stopped<false>>},
    {"mutex.stopped_in_time_beside_a_waiter", 3, {random(200000)}, make<stopped<true>>},
    {"mutex.stopped_in_vain", 2, {random(20000), bounded(3)}, make<stopped_in_vain>},
});

}  // namespace
