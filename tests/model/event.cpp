#include "park/event.hpp"

#include "model.hpp"
#include "scenario.hpp"
#include "stop.hpp"
#include "telltale.hpp"

namespace {

using namespace model;
using event = park::basic_event<lot>;

constexpr const char* visible = "what came before is visible";

// One sets, one waits, sees the work, and destroys the event.
class sets : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      event_->set();
    } else {
      event_->wait();
      check(work_.read() == 1, visible);
      event_.destroy();
    }
  }

  mortal<event> event_;
  datum work_;
};

// One sets, two wait.
class sets_for_all : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      event_.set();
    } else {
      event_.wait();
      check(work_.read() == 1, visible);
    }
  }

  event event_;
  datum work_;
};

// Clearing what is clear ends no wait.
class clears_first : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      event_.clear();
      work_.write(1);
      event_.set();
    } else {
      event_.wait();
      check(work_.read() == 1, visible);
    }
  }

  event event_;
  datum work_;
};

// Set and cleared at once: the wait that had begun by then ends. Others wait for some time, in this generation or in the next.
class pulses : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      const bool begun = begun_.load(std::memory_order_relaxed) != 0;
      event_.set();
      if (begun) event_.clear();
    } else if (index == 1) {
      check(event_.wait(telltale(begun_)), "the wait is over");
      check(work_.read() == 1, visible);
    } else if (event_.wait_until(some_time())) {
      check(work_.read() == 1, visible);
    }
  }

  atomic<std::uint32_t> begun_{0};
  event event_;
  datum work_;
};

// Two messages are sent, by one thread or by two, and the event set for each; who clears it sees all that it had been set for.
template <unsigned Senders>
class collects : public scenario {
  static constexpr unsigned messages = 2;

  void thread(unsigned index) override {
    if (index < Senders) {
      for (unsigned message = 0; message < messages / Senders; ++message) {
        sent_.fetch_add(1, std::memory_order_relaxed);
        event_.set();
      }
      return;
    }
    while (sent_.load(std::memory_order_relaxed) < messages) {
      event_.wait();
      event_.clear();
    }
  }

  atomic<std::uint32_t> sent_{0};
  event event_;
};

// A timed wait ends either way, and hinders nobody: neither itself when it tries again, nor another who waits.
class timed : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return event_.set();
    }
    if (index == 1 && event_.wait_until(some_time())) check(work_.read() == 1, visible);
    event_.wait();
    check(work_.read() == 1, visible);
  }

  event event_;
  datum work_;
};

// Nobody sets it; a stop request ends the wait, which then sees what came before the request; or the time comes first, or alone.
template <bool Timed>
class stopped : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return !Timed || choose(2) == 0 ? source_.request_stop() : void();
    }
    if (Timed) {
      check(!event_->wait_until(source_.get_token(), some_time()), "an event that nobody sets");
    } else {
      check(!event_->wait(source_.get_token()), "an event that nobody sets");
      check(work_.read() == 1, visible);
    }
    event_.destroy();
  }

  mortal<event> event_;
  stop_source source_;
  datum work_;
};

// The event is set before, while or after a stop is requested; who waits without a limit is not stopped.
class stopped_or_set : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      const bool stop_first = choose(2) == 0;
      if (stop_first) source_.request_stop();
      work_.write(1);
      event_.set();
      if (!stop_first) source_.request_stop();
    } else {
      if (index == 1 && event_.wait(source_.get_token())) check(work_.read() == 1, visible);
      if (index == 2) event_.wait(), check(work_.read() == 1, visible);
    }
  }

  event event_;
  stop_source source_;
  datum work_;
};

const table events({
    {"event.sets", 2, {random(20000), exhaustive()}, make<sets>},
    {"event.sets_for_all", 3, {random(100000), bounded(2)}, make<sets_for_all>},
    {"event.clears_first", 2, {random(20000), exhaustive()}, make<clears_first>},
    {"event.pulses", 2, {random(20000), exhaustive()}, make<pulses>},
    {"event.pulses_beside_a_waiter", 3, {random(300000), bounded(1)}, make<pulses>},
    {"event.collects", 2, {random(100000), bounded(4)}, make<collects<1>>},
    {"event.collects_of_two", 3, {random(300000), bounded(1)}, make<collects<2>>},
    {"event.timed", 2, {random(20000), exhaustive()}, make<timed>},
    {"event.timed_beside_a_waiter", 3, {random(300000), bounded(1)}, make<timed>},
    {"event.stopped", 2, {random(20000), bounded(4)}, make<stopped<false>>},
    {"event.stopped_in_time", 2, {random(20000), bounded(4)}, make<stopped<true>>},
    {"event.stopped_or_set", 2, {random(20000), bounded(4)}, make<stopped_or_set>},
    {"event.stopped_beside_a_waiter", 3, {random(300000), bounded(1)}, make<stopped_or_set>},
});

}  // namespace
