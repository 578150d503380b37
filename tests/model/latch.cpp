#include "park/latch.hpp"

#include "model.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace {

using namespace model;
using latch = park::basic_latch<lot>;

constexpr const char* visible = "what came before is visible";

// One counts down, one waits, sees the work, and destroys the latch.
class opens : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      latch_->count_down();
    } else {
      latch_->wait();
      check(work_.read() == 1, visible);
      latch_.destroy();
    }
  }

  mortal<latch> latch_{1};
  datum work_;
};

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

// Two count down, one waits and sees the work of both.
class fans_in : public scenario {
  void thread(unsigned index) override {
    if (index < 2) {
      work_[index].write(1);
      return latch_->count_down();
    }
    latch_->wait();
    check(work_[0].read() == 1 && work_[1].read() == 1, visible);
    latch_.destroy();
  }

  mortal<latch> latch_{2};
  datum work_[2];
};

// One counts down, two wait.
class fans_out : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      latch_.count_down();
    } else {
      latch_.wait();
      check(work_.read() == 1, visible);
    }
  }

  latch latch_{1};
  datum work_;
};

// A timed wait ends either way, and hinders nobody: neither itself when it tries again, nor another who waits.
class timed : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return latch_.count_down();
    }
    if (index == 1 && latch_.wait_until(some_time())) check(work_.read() == 1, visible);
    latch_.wait();
    check(work_.read() == 1, visible);
  }

  latch latch_{1};
  datum work_;
};

// Nobody counts down; a stop request ends the wait, which then sees what came before the request.
class stopped : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return source_.request_stop();
    }
    check(!latch_->wait(source_.get_token()), "a latch that is not open");
    check(work_.read() == 1, visible);
    latch_.destroy();
  }

  mortal<latch> latch_{1};
  stop_source source_;
  datum work_;
};

// As above, but the time may come first, or alone; a request that comes then finds nobody, and the latch may be gone.
class stopped_in_time : public scenario {
  void thread(unsigned index) override {
    if (index == 0) return choose(2) == 0 ? source_.request_stop() : void();
    check(!latch_->wait_until(source_.get_token(), some_time()), "a latch that is not open");
    latch_.destroy();
  }

  mortal<latch> latch_{1};
  stop_source source_;
};

// The latch opens before, while or after a stop is requested, or the time comes; who waits without a limit is not stopped.
template <bool Timed>
class stopped_or_open : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      const bool stop_first = choose(2) == 0;
      if (stop_first) source_.request_stop();
      work_.write(1);
      latch_.count_down();
      if (!stop_first) source_.request_stop();
    } else {
      if (index == 1 && wait()) check(work_.read() == 1, visible);
      if (index == 2) latch_.wait(), check(work_.read() == 1, visible);
    }
  }

  bool wait() { return Timed ? latch_.wait_until(source_.get_token(), some_time()) : latch_.wait(source_.get_token()); }

  latch latch_{1};
  stop_source source_;
  datum work_;
};

const table latches({
    {"latch.opens", 2, {random(20000), exhaustive()}, make<opens>},
    {"latch.joins", 2, {random(20000), exhaustive()}, make<joins>},
    {"latch.joins_and_dies", 2, {random(20000), exhaustive()}, make<joins_and_dies>},
    {"latch.leaves_last", 2, {random(20000), exhaustive()}, make<leaves_last>},
    {"latch.fans_in", 3, {random(100000), bounded(2)}, make<fans_in>},
    {"latch.fans_out", 3, {random(100000), bounded(2)}, make<fans_out>},
    {"latch.fans_out_to_three", 4, {random(300000), bounded(0)}, make<fans_out>},
    {"latch.timed", 2, {random(20000), exhaustive()}, make<timed>},
    {"latch.timed_beside_a_waiter", 3, {random(300000), bounded(1)}, make<timed>},
    {"latch.stopped", 2, {random(20000), bounded(4)}, make<stopped>},
    {"latch.stopped_in_time", 2, {random(20000), bounded(4)}, make<stopped_in_time>},
    {"latch.stopped_or_open", 2, {random(20000), bounded(4)}, make<stopped_or_open<false>>},
    {"latch.stopped_beside_a_waiter", 3, {random(500000), bounded(1)}, make<stopped_or_open<false>>},
    {"latch.stopped_in_time_or_open", 2, {random(20000), bounded(4)}, make<stopped_or_open<true>>},
    {"latch.stopped_in_time_beside_a_waiter", 3, {random(500000), bounded(1)}, make<stopped_or_open<true>>},
});

}  // namespace
