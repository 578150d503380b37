#include "park/condition_variable.hpp"

#include <mutex>

#include "model.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace {

using namespace model;
using mutex = park::basic_mutex<lot>;
using condition_variable = park::basic_condition_variable<lot>;

// What the scenarios share. The data are not atomic: the mutex guards them.
class around_one : public scenario {
 protected:
  void after() override {
    check(mutex_.try_lock(), "free, and nobody starves for it");
    mutex_.unlock();
  }

  mutex mutex_;
  condition_variable changed_;
  datum told_;
};

// The first says it, with the mutex held or not; the others wait for that.
template <bool Held, bool All>
class tells : public around_one {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    if (index > 0) return changed_.wait(hold, [&] { return told_.read() == 1; });
    told_.write(1);
    if (!Held) hold.unlock();
    All ? changed_.notify_all() : changed_.notify_one();
  }
};

// Two tokens, one by one; each of the waiters takes one.
class gives_two : public around_one {
  void thread(unsigned index) override {
    for (unsigned round = 0; round < (index == 0 ? 2 : 1); ++round) {
      std::unique_lock hold(mutex_);
      if (index > 0) {
        changed_.wait(hold, [&] { return told_.read() > 0; });
        told_.write(told_.read() - 1);
      } else {
        told_.write(told_.read() + 1);
        changed_.notify_one();
      }
    }
  }
};

// The second may give up; if it is notified instead it hands that on to the third, for whom it was as well.
template <bool Stop>
class gives_up : public around_one {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    if (index == 0) {
      told_.write(1);
      changed_.notify_one();
      if (Stop) source_.request_stop();
    } else if (index == 2) {
      changed_.wait(hold, [&] { return told_.read() == 1; });
    } else if (Stop) {
      if (changed_.wait(hold, source_.get_token(), [&] { return told_.read() == 1; })) changed_.notify_one();
    } else {
      if (changed_.wait_until(hold, some_time()) == std::cv_status::no_timeout) changed_.notify_one();
    }
  }

  stop_source source_;
};

// The first in line may give up just as it is notified, with another behind it, who is in line for good.
class gives_up_before_another : public around_one {
  void thread(unsigned index) override {
    if (index == 0) {
      until_in_line(2);
      changed_.notify_one();
      {
        const std::lock_guard hold(mutex_);
        told_.write(1);
      }
      return changed_.notify_all();
    }
    until_in_line(static_cast<int>(index) - 1);
    std::unique_lock hold(mutex_);
    in_line_.write(static_cast<int>(index));
    if (index == 1) {
      static_cast<void>(changed_.wait_until(hold, some_time()));
    } else {
      changed_.wait(hold, [&] { return told_.read() == 1; });
    }
  }

  void until_in_line(int threads) {
    while (in_line() < threads) lot::yield();
  }

  int in_line() {
    const std::lock_guard hold(mutex_);
    return in_line_.read();
  }

  datum in_line_;
};

// Who comes when one has been notified already does not take that from the one who waited.
class comes_later : public around_one {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    if (index == 0) {
      told_.write(1);
      if (waiting_.read() == 1) changed_.notify_one();
    } else if (index == 1) {
      waiting_.write(1);
      if (told_.read() == 0) changed_.wait(hold);
      check(told_.read() == 1, "notified");
    } else if (told_.read() == 1 || waiting_.read() == 1) {
      static_cast<void>(changed_.wait_until(hold, some_time()));
    }
  }

  datum waiting_;
};

// Destroyed by who has notified all, before any of them runs; one of them may just be giving up.
template <bool Timed>
class dies : public scenario {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    if (index > 0) {
      if (done_.read() == 1) return;
      if (Timed && index == 1) {
        static_cast<void>(changed_->wait_until(hold, some_time()));
      } else {
        changed_->wait(hold);
      }
      return;
    }
    done_.write(1);
    changed_->notify_all();
    changed_.destroy();
  }

  mutex mutex_;
  mortal<condition_variable> changed_;
  datum done_;
};

// Destroyed by the one waiter as soon as it has been notified, while the notifier, without the mutex, may still be in its call.
class is_destroyed_by_the_notified : public scenario {
  void thread(unsigned index) override {
    if (index == 1) {
      std::unique_lock hold(mutex_);
      waiting_.write(1);
      changed_->wait(hold);
      changed_.destroy();
    } else {
      while (!someone_waits()) lot::yield();
      changed_->notify_one();
    }
  }

  bool someone_waits() {
    const std::lock_guard hold(mutex_);
    return waiting_.read() == 1;
  }

  mutex mutex_;
  mortal<condition_variable> changed_;
  datum waiting_;
};

// Others lock and unlock while all are told without the mutex.
class mutex_is_contended : public around_one {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    if (index > 1) return changed_.wait(hold, [&] { return told_.read() == 1; });
    if (index == 0) told_.write(1);
    hold.unlock();
    if (index == 0) changed_.notify_all();
  }
};

// The mutex is destroyed by the waiter as soon as it is back, while the notifier may still be in its call.
class mutex_dies : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      {
        const std::lock_guard hold(*mutex_);
        told_.write(1);
      }
      changed_.notify_all();
    } else {
      mutex_->lock();
      changed_.wait(*mutex_, [&] { return told_.read() == 1; });
      const int before = back_.read();
      back_.write(before + 1);
      mutex_->unlock();
      if (before == 1) mutex_.destroy();
    }
  }

  mortal<mutex> mutex_;
  condition_variable changed_;
  datum told_, back_;
};

// One waits for some time and one until it is stopped; both must have the mutex again, which others hold and may notify one of them with.
class must_come_back : public around_one {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    count();
    if (index == 0) {
      static_cast<void>(changed_.wait_until(hold, some_time()));
    } else if (index == 1) {
      static_cast<void>(changed_.wait(hold, source_.get_token(), [] { return false; }));
    } else if (index == 2) {
      source_.request_stop();
    } else {
      changed_.notify_one();
    }
    count();
  }
  void after() override {
    check(told_.read() == 8, "each was alone");
    around_one::after();
  }

  void count() { told_.write(told_.read() + 1); }

  stop_source source_;
};

// Two give one token each, and each of the two who wait takes one.
template <bool Held>
class two_give : public around_one {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    if (index < 2) {
      changed_.wait(hold, [&] { return told_.read() > 0; });
      told_.write(told_.read() - 1);
    } else {
      told_.write(told_.read() + 1);
      if (!Held) hold.unlock();
      changed_.notify_one();
    }
  }
};

// One tells all while another, who has nothing to say, notifies one of them.
class tells_all_as_one_is_notified : public around_one {
  void thread(unsigned index) override {
    if (index == 3) return changed_.notify_one();
    std::unique_lock hold(mutex_);
    if (index > 0) return changed_.wait(hold, [&] { return told_.read() == 1; });
    told_.write(1);
    changed_.notify_all();
  }
};

// All are told with the mutex held, while the time comes for two of them.
class tells_all_in_time : public around_one {
  void thread(unsigned index) override {
    std::unique_lock hold(mutex_);
    const auto told = [&] { return told_.read() == 1; };
    if (index == 0) {
      told_.write(1);
      changed_.notify_all();
    } else if (index == 3) {
      changed_.wait(hold, told);
    } else {
      check(changed_.wait_until(hold, some_time(), told) == told(), "as it is at the end");
    }
  }
};

// The last of those who use the mutex, two of whom waited and one only locked it, destroys it, while the notifier may still be in its call.
class mutex_dies_with_the_last : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      {
        const std::lock_guard hold(*mutex_);
        told_.write(1);
      }
      return changed_.notify_all();
    }
    const auto told = [&] { return told_.read() == 1; };
    mutex_->lock();
    if (index == 1 || (index == 2 && !changed_.wait_until(*mutex_, some_time(), told))) changed_.wait(*mutex_, told);
    const int before = back_.read();
    back_.write(before + 1);
    mutex_->unlock();
    if (before == 2) mutex_.destroy();
  }

  mortal<mutex> mutex_;
  condition_variable changed_;
  datum told_, back_;
};

// Two threads hand a baton to and fro.
class takes_turns : public around_one {
  void thread(unsigned index) override {
    const int self = static_cast<int>(index);
    for (int round = 0; round < 2; ++round) {
      std::unique_lock hold(mutex_);
      changed_.wait(hold, [&] { return told_.read() == self; });
      told_.write(1 - self);
      changed_.notify_one();
    }
  }
};

const table condition_variables({
    {"condition_variable.tells", 2, {random(50000), bounded(2)}, make<tells<false, false>>},
    {"condition_variable.tells_with_the_mutex", 2, {random(50000), bounded(2)}, make<tells<true, false>>},
    {"condition_variable.tells_all", 3, {random(100000)}, make<tells<false, true>>},
    {"condition_variable.tells_all_with_the_mutex", 3, {random(100000)}, make<tells<true, true>>},
    {"condition_variable.tells_three", 4, {random(200000)}, make<tells<true, true>>},
    {"condition_variable.gives_two", 3, {random(200000)}, make<gives_two>},
    {"condition_variable.gives_up", 3, {random(200000)}, make<gives_up<false>>},
    {"condition_variable.gives_up_before_another", 3, {random(200000)}, make<gives_up_before_another>},
    {"condition_variable.is_stopped", 3, {random(200000)}, make<gives_up<true>>},
    {"condition_variable.comes_later", 3, {random(100000)}, make<comes_later>},
    {"condition_variable.dies", 3, {random(100000)}, make<dies<false>>},
    {"condition_variable.dies_as_one_leaves", 3, {random(200000)}, make<dies<true>>},
    {"condition_variable.is_destroyed_by_the_notified", 2, {random(100000)}, make<is_destroyed_by_the_notified>},
    {"condition_variable.mutex_is_contended", 4, {random(300000)}, make<mutex_is_contended>},
    {"condition_variable.mutex_dies", 3, {random(200000)}, make<mutex_dies>},
    {"condition_variable.must_come_back", 4, {random(400000)}, make<must_come_back>},
    {"condition_variable.two_give", 4, {random(400000)}, make<two_give<false>>},
    {"condition_variable.two_give_with_the_mutex", 4, {random(400000)}, make<two_give<true>>},
    {"condition_variable.tells_all_as_one_is_notified", 4, {random(400000)}, make<tells_all_as_one_is_notified>},
    {"condition_variable.tells_all_in_time", 4, {random(400000)}, make<tells_all_in_time>},
    {"condition_variable.mutex_dies_with_the_last", 4, {random(400000)}, make<mutex_dies_with_the_last>},
    {"condition_variable.takes_turns", 2, {random(100000)}, make<takes_turns>},
});

}  // namespace
