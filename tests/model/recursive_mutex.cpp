#include "park/recursive_mutex.hpp"

#include "model.hpp"
#include "park/contract.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "this_thread.hpp"

// The library's own would throw; here they end the schedule.
void park::detail::throw_not_owner() { contract_violation("unlock() by another thread than the owner"); }
void park::detail::throw_too_deep() { contract_violation("lock() beyond max_depth()"); }

namespace {

using namespace model;
using recursive_mutex = park::basic_recursive_mutex<lot>;

// What the mutex guards: not atomic, so that two at once are a data race.
class guarded {
 public:
  void visit() { visits_.write(visits_.read() + 1); }
  int visits() const { return visits_.read(); }

 private:
  datum visits_;
};

// Each locks, works, locks again, works, and unlocks twice, so many times.
template <unsigned Threads, unsigned Rounds>
class nests : public scenario {
  void thread(unsigned) override {
    for (unsigned round = 0; round < Rounds; ++round) {
      mutex_.lock();
      guarded_.visit();
      check(mutex_.try_lock(), "its own");
      guarded_.visit();
      mutex_.unlock();
      guarded_.visit();
      mutex_.unlock();
    }
  }
  void after() override { check(guarded_.visits() == 3 * Threads * Rounds, "every visit"); }

  recursive_mutex mutex_;
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

  mortal<recursive_mutex> mutex_;
  datum done_;
};

const table recursive_mutexes({
    {"recursive_mutex.nests", 2, {random(50000), bounded(3)}, make<nests<2, 1>>},
    {"recursive_mutex.nests_twice", 2, {random(50000)}, make<nests<2, 2>>},
    {"recursive_mutex.nests_in_three", 3, {random(100000)}, make<nests<3, 2>>},
    {"recursive_mutex.dies", 2, {random(20000), bounded(3)}, make<dies>},
});

}  // namespace
