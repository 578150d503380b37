#include "park/latch.hpp"

#include "latches.hpp"
#include "model.hpp"
#include "scenario.hpp"

namespace {

using namespace model;
using latch = park::basic_latch<lot>;

// Two arrive and wait; each sees the other's work.
class joins : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    latch_.arrive_and_wait();
    check(work_[1 - index].read() == 1, visible);
  }

  latch latch_{2};
  datum work_[2];
};

// One counts down; the other arrives, waits and destroys the latch, whichever of them is last.
class joins_and_dies : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    if (index == 0) return latch_->count_down();
    latch_->arrive_and_wait();
    check(work_[0].read() == 1, visible);
    latch_.destroy();
  }

  mortal<latch> latch_{2};
  datum work_[2];
};

// The last to arrive leaves at once; the other waits, and destroys the latch.
class leaves_last : public scenario {
  void thread(unsigned index) override {
    if (index == 0) return latch_->arrive_and_wait();
    latch_->wait();
    latch_.destroy();
  }

  mortal<latch> latch_{1};
};

const table latches({
    {"latch.opens", 2, {random(20000), exhaustive()}, make<opens<latch>>},
    {"latch.joins", 2, {random(20000), exhaustive()}, make<joins>},
    {"latch.joins_and_dies", 2, {random(20000), exhaustive()}, make<joins_and_dies>},
    {"latch.leaves_last", 2, {random(20000), exhaustive()}, make<leaves_last>},
    {"latch.fans_in", 3, {random(100000), bounded(2)}, make<fans_in<latch>>},
    {"latch.fans_out", 3, {random(100000), bounded(2)}, make<fans_out<latch>>},
    {"latch.fans_out_to_three", 4, {random(300000), bounded(0)}, make<fans_out<latch>>},
    {"latch.timed", 2, {random(20000), exhaustive()}, make<timed<latch>>},
    {"latch.timed_beside_a_waiter", 3, {random(300000), bounded(1)}, make<timed<latch>>},
    {"latch.stopped", 2, {random(20000), bounded(4)}, make<stopped<latch, false>>},
    {"latch.stopped_in_time", 2, {random(20000), bounded(4)}, make<stopped<latch, true>>},
    {"latch.stopped_or_open", 2, {random(20000), bounded(4)}, make<stopped_or_open<latch, false>>},
    {"latch.stopped_beside_a_waiter", 3, {random(500000), bounded(1)}, make<stopped_or_open<latch, false>>},
    {"latch.stopped_in_time_or_open", 2, {random(20000), bounded(4)}, make<stopped_or_open<latch, true>>},
    {"latch.stopped_in_time_beside_a_waiter", 3, {random(500000), bounded(1)}, make<stopped_or_open<latch, true>>},
});

}  // namespace
