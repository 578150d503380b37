#include "park/barrier.hpp"

#include "model.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace {

using namespace model;
using barrier = park::basic_barrier<park::detail::no_completion, lot>;

constexpr const char* visible = "what came before is visible";

// A completion step that looks at what the arrivals left, and counts its runs.
struct tally {
  datum* const work;
  datum* const runs;
  const int arrivals;

  void operator()() noexcept {
    for (int each = 0; each < arrivals; ++each)
      check(work[each].read() > 0, "an arrival is visible to the completion step");
    runs->write(runs->read() + 1);
  }
};

using tallied_barrier = park::basic_barrier<tally, lot>;

// Each phase, every thread sees what all the others did before it, and none is let into the next one early.
template <int Threads, int Phases>
class meets : public scenario {
  void thread(unsigned index) override {
    for (int phase = 1; phase <= Phases; ++phase) {
      work_[phase - 1][index].write(phase);
      barrier_.arrive_and_wait();
      for (const datum& each : work_[phase - 1]) check(each.read() == phase, visible);
    }
  }
  void after() override {
    const unsigned calls = lot::unpark_calls();
    static_cast<void>(barrier_.arrive(Threads));
    check(lot::unpark_calls() == calls, "the next phase knows nothing of who waited in the last");
  }

  barrier barrier_{Threads};
  datum work_[Phases][Threads];
};

// The same memory is written in each phase: in the next, only after all have read it.
template <int Phases>
class takes_turns : public scenario {
  void thread(unsigned index) override {
    for (unsigned phase = 0; phase < Phases; ++phase) {
      if (index == phase % 2) work_.write(work_.read() + 1);
      barrier_.arrive_and_wait();
    }
    check(work_.read() == Phases, visible);
  }

  barrier barrier_{2};
  datum work_;
};

// The completion step runs once in each phase: after all have arrived, before anyone is released.
template <int Threads, int Phases>
class completes : public scenario {
  void thread(unsigned index) override {
    for (int phase = 1; phase <= Phases; ++phase) {
      work_[index].write(phase);
      barrier_.arrive_and_wait();
      check(runs_.read() == phase, "the completion step has run once more");
    }
  }
  void after() override { check(runs_.read() == Phases, "once in each phase"); }

  datum work_[Threads], runs_;
  tallied_barrier barrier_{Threads, tally{work_, &runs_, Threads}};
};

// One drops out; the others go on without it, and saw what it did.
template <int Threads>
class drops : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    if (index == 0) return barrier_.arrive_and_drop();
    barrier_.arrive_and_wait();
    check(work_[0].read() == 1 && runs_.read() == 1, visible);
    barrier_.arrive_and_wait();
    check(runs_.read() == 2, "the next phase lacks nobody");
  }

  datum work_[Threads], runs_;
  tallied_barrier barrier_{Threads, tally{work_, &runs_, Threads}};
};

// As above, without a completion step: the drop itself may end the phase.
class drops_quietly : public scenario {
  void thread(unsigned index) override {
    barrier_.arrive_and_wait();
    if (index == 0) {
      work_.write(1);
      return barrier_.arrive_and_drop();
    }
    barrier_.arrive_and_wait();
    check(work_.read() == 1, visible);
    barrier_.arrive_and_wait();
  }

  barrier barrier_{2};
  datum work_;
};

// All drop out: the completion step still runs, once.
class drops_to_nobody : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    barrier_.arrive_and_drop();
  }
  void after() override { check(runs_.read() == 1, "the completion step has run once"); }

  datum work_[2], runs_;
  tallied_barrier barrier_{2, tally{work_, &runs_, 2}};
};

// One arrives and leaves; the other waits, and destroys the barrier.
template <class Barrier>
class dies : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    if (index == 0) return static_cast<void>(barrier_->arrive());
    barrier_->arrive_and_wait();
    check(work_[0].read() == 1, visible);
    barrier_.destroy();
  }

  static auto completion(datum* work, datum* runs) {
    if constexpr (std::is_same_v<Barrier, barrier>) {
      return park::detail::no_completion{};
    } else {
      return tally{work, runs, 2};
    }
  }

  datum work_[2], runs_;
  mortal<Barrier> barrier_{2, completion(work_, &runs_)};
};

// Arriving and waiting are apart, and the wait may be a timed one; a token of a phase that is over returns at once.
template <int Threads>
class waits_for_some_time : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    auto token = barrier_.arrive();
    if (index == 0 && !barrier_.wait_until(token, some_time())) barrier_.wait(std::move(token));
    if (index > 0) barrier_.wait(std::move(token));
    for (const datum& each : work_) check(each.read() == 1, visible);
  }

  barrier barrier_{Threads};
  datum work_[Threads];
};

// A stop request, or else the time, ends the wait of one, before or after the last arrival; its token stays good.
template <int Threads, bool Timed>
class stopped : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      request_.write(1);
      source_.request_stop();
      work_.write(1);
      return static_cast<void>(barrier_.arrive());
    }
    auto token = barrier_.arrive();
    if (index == 1 && wait(token)) return check(work_.read() == 1, visible);
    if (index == 1 && !Timed) check(request_.read() == 1, visible);
    barrier_.wait(std::move(token));
    check(work_.read() == 1, visible);
  }

  bool wait(const barrier::arrival_token& token) {
    if (Timed) return barrier_.wait_until(token, source_.get_token(), some_time());
    return barrier_.wait(token, source_.get_token());
  }

  barrier barrier_{Threads};
  stop_source source_;
  datum work_, request_;
};

const table barriers({
    {"barrier.meets", 2, {random(20000), exhaustive()}, make<meets<2, 1>>},
    {"barrier.meets_again", 2, {random(100000), bounded(3)}, make<meets<2, 2>>},
    {"barrier.three_meet", 3, {random(300000), bounded(1)}, make<meets<3, 1>>},
    {"barrier.three_meet_again", 3, {random(500000), bounded(0)}, make<meets<3, 2>>},
    {"barrier.four_meet", 4, {random(300000), bounded(0)}, make<meets<4, 1>>},
    {"barrier.takes_turns", 2, {random(300000), bounded(1)}, make<takes_turns<3>>},
    {"barrier.completes", 2, {random(20000), exhaustive()}, make<completes<2, 1>>},
    {"barrier.completes_again", 2, {random(20000), bounded(4)}, make<completes<2, 2>>},
    {"barrier.three_complete", 3, {random(100000), bounded(2)}, make<completes<3, 1>>},
    {"barrier.drops", 2, {random(20000), exhaustive()}, make<drops<2>>},
    {"barrier.drops_quietly", 2, {random(20000), bounded(3)}, make<drops_quietly>},
    {"barrier.drops_to_nobody", 2, {random(20000), exhaustive()}, make<drops_to_nobody>},
    {"barrier.drops_among_three", 3, {random(300000), bounded(1)}, make<drops<3>>},
    {"barrier.dies", 2, {random(20000), exhaustive()}, make<dies<barrier>>},
    {"barrier.dies_completed", 2, {random(20000), exhaustive()}, make<dies<tallied_barrier>>},
    {"barrier.waits_for_some_time", 2, {random(20000), bounded(4)}, make<waits_for_some_time<2>>},
    {"barrier.waits_beside_another", 3, {random(300000), bounded(1)}, make<waits_for_some_time<3>>},
    {"barrier.stopped", 2, {random(20000), bounded(4)}, make<stopped<2, false>>},
    {"barrier.stopped_beside_another", 3, {random(500000), bounded(0)}, make<stopped<3, false>>},
    {"barrier.stopped_in_time", 2, {random(20000), bounded(4)}, make<stopped<2, true>>},
    {"barrier.stopped_in_time_beside_another", 3, {random(500000), bounded(0)}, make<stopped<3, true>>},
});

}  // namespace
