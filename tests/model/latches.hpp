// What is asked of every latch, of either kind.
#pragma once

#include "model.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace model {

inline constexpr const char* visible = "what came before is visible";

// One counts down, one waits, sees the work, and destroys the latch.
template <class Latch>
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

  mortal<Latch> latch_{1};
  datum work_;
};

// Two count down, one waits and sees the work of both.
template <class Latch>
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

  mortal<Latch> latch_{2};
  datum work_[2];
};

// One counts down, two wait.
template <class Latch>
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

  Latch latch_{1};
  datum work_;
};

// A timed wait ends either way, and hinders nobody: neither itself when it tries again, nor another who waits.
template <class Latch>
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

  Latch latch_{1};
  datum work_;
};

// Nobody counts down; a stop request ends the wait, which then sees what came before the request; or the time comes first, or alone.
template <class Latch, bool Timed>
class stopped : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return !Timed || choose(2) == 0 ? source_.request_stop() : void();
    }
    if (Timed) {
      check(!latch_->wait_until(source_.get_token(), some_time()), "a latch that is not open");
    } else {
      check(!latch_->wait(source_.get_token()), "a latch that is not open");
      check(work_.read() == 1, visible);
    }
    latch_.destroy();
  }

  mortal<Latch> latch_{1};
  stop_source source_;
  datum work_;
};

// The latch opens before, while or after a stop is requested, or the time comes; who waits without a limit is not stopped.
template <class Latch, bool Timed>
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

  Latch latch_{1};
  stop_source source_;
  datum work_;
};

}  // namespace model
