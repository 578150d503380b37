#include "park/cyclic_barrier.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "model.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace {

// What the library's own error stands for. Thrown and caught between two steps of the checker.
struct turned_away {};

}  // namespace

void park::detail::throw_broken_barrier() { throw turned_away(); }

namespace {

using namespace model;

constexpr const char* visible = "what came before is visible";
constexpr const char* together = "the waits of one generation end alike";
constexpr const char* whole = "nothing is left of what was";

struct limit {};  // some time

// Nobody is counted, parked or turned away. Its word is its first member's first, and has its generation in bits 31..3.
template <class Barrier>
void expect_whole(Barrier& barrier) {
  const auto word = reinterpret_cast<const atomic<std::uint64_t>&>(barrier).load(std::memory_order_relaxed);
  check((word & ~std::uint64_t{0xfffffff8}) == 0, "nobody has left a trace");
}

// The index of a wait, or -1 where it was broken.
template <class Wait>
std::ptrdiff_t unless_broken(Wait wait) {
  try {
    return wait();
  } catch (const turned_away&) {
    return -1;
  }
}
template <class Barrier>
std::ptrdiff_t meet(Barrier& barrier) {
  return unless_broken([&] { return barrier.wait(); });
}
template <class Barrier>
std::ptrdiff_t meet(Barrier& barrier, limit) {
  return unless_broken([&] { return barrier.wait_until(some_time()); });
}
template <class Barrier>
std::ptrdiff_t meet(Barrier& barrier, stop_source::token stop) {
  return unless_broken([&] { return barrier.wait(stop); });
}
template <class Barrier>
std::ptrdiff_t meet(Barrier& barrier, stop_source::token stop, limit) {
  return unless_broken([&] { return barrier.wait_until(stop, some_time()); });
}

// An action that counts its runs, in data that nobody else may touch meanwhile.
struct counting {
  datum* runs;
  void operator()() const { runs->write(runs->read() + 1); }
};

template <bool Acts>
using barrier_of = park::basic_cyclic_barrier<std::conditional_t<Acts, counting, park::detail::no_completion>, lot>;

template <bool Acts>
auto action(datum& runs) {
  if constexpr (Acts) {
    return counting{&runs};
  } else {
    return park::detail::no_completion{};
  }
}

// Two meet; each sees the other's work, and the first to come destroys the barrier, though the last is still in its call.
template <bool Acts>
class meets : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    const std::ptrdiff_t mine = meet(*barrier_);
    check(mine >= 0, "nobody breaks it");
    check(work_[1 - index].read() == 1, visible);
    check(runs_.read() == Acts, "the action has run once");
    came_[mine].write(came_[mine].read() + 1);
    if (mine == 1) barrier_.destroy();
  }
  void after() override { check(came_[0].read() == 1 && came_[1].read() == 1, "each index once"); }

  datum runs_, work_[2], came_[2];
  mortal<barrier_of<Acts>> barrier_{2, action<Acts>(runs_)};
};

// So many meet twice: the action runs once each time, in one of them, after the work of all and before anyone sees more.
template <unsigned Threads>
class meets_again : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    check(meet(barrier_) >= 0, "nobody breaks it");
    check(runs_.read() == 1, "the action has run once");
    for (const datum& each : work_) check(each.read() == 1, visible);
    check(meet(plain_) >= 0, "nobody breaks it");
    check(meet(plain_) >= 0, "nor in its second generation");
    work_[index].write(2);
    check(meet(barrier_) >= 0, "nobody breaks it");
    check(runs_.read() == 2, "the action has run again");
    for (const datum& each : work_) check(each.read() == 2, visible);
  }

  datum runs_, work_[Threads];
  barrier_of<true> barrier_{Threads, counting{&runs_}};
  barrier_of<false> plain_{Threads};
};

// More come than there is place for while an action runs, which the first of them may see broken and reset, or broken for good.
template <bool Aborts>
class acts_alone : public scenario {
  void thread(unsigned index) override {
    if (index == 0 && Aborts) {
      barrier_.abort();
      return barrier_.reset();
    }
    ended_[index].write(1 + static_cast<int>(meet(barrier_)));
  }
  void after() override {
    check(barrier_.n_waiting() == 0 && !barrier_.broken(), whole);
    const int all = ended_[0].read() + ended_[1].read() + ended_[2].read();
    check(Aborts ? runs_.read() >= all : runs_.read() == all && all >= 2, "one action each");
    check(meet(barrier_) == 0, "the next is let in");
  }

  datum runs_, ended_[3];
  barrier_of<true> barrier_{1, counting{&runs_}};
};

// Two meet, and one of them breaks the barrier at once, or resets it too: the other was released, and hears nothing of it.
template <bool Acts>
class breaks_after_the_meeting : public scenario {
  void thread(unsigned index) override {
    const bool by_reset = index == 1 && choose(2) == 1;
    check(meet(barrier_) >= 0, "released before it was broken");
    if (index == 0) return;
    barrier_.abort();
    if (by_reset) barrier_.reset();
    check(barrier_.broken() == !by_reset && barrier_.n_waiting() == 0, whole);
  }

  datum runs_;
  barrier_of<Acts> barrier_{2, action<Acts>(runs_)};
};

// One waits in vain, or is turned away, sees what came before the abort, and destroys the barrier.
class is_aborted_alone : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return barrier_->abort();
    }
    check(meet(*barrier_) == -1, "nobody else comes");
    check(work_.read() == 1, visible);
    barrier_.destroy();
  }

  mortal<barrier_of<false>> barrier_{2};
  datum work_;
};

// One waits in vain, and sees what came before the reset, which comes when it does wait.
class is_reset_alone : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      while (barrier_->n_waiting() == 0) lot::yield();
      work_.write(1);
      return barrier_->reset();
    }
    check(meet(*barrier_) == -1, "nobody else comes");
    check(work_.read() == 1, visible);
    check(!barrier_->broken() && barrier_->n_waiting() == 0, whole);
    barrier_.destroy();
  }

  mortal<barrier_of<false>> barrier_{2};
  datum work_;
};

// Two meet while a third breaks the barrier for good: both return, or both throw.
template <bool Acts>
class is_aborted : public scenario {
  void thread(unsigned index) override {
    if (index == 2) return barrier_.abort();
    const std::ptrdiff_t mine = meet(barrier_);
    ended_[index].write(static_cast<int>(mine));
    if (mine >= 0) check(runs_.read() == Acts, "the action before the return");
  }
  void after() override {
    check((ended_[0].read() < 0) == (ended_[1].read() < 0), together);
    check(barrier_.broken() && barrier_.n_waiting() == 0, "broken for good");
    barrier_.reset();
    expect_whole(barrier_);
  }

  datum runs_, ended_[2];
  barrier_of<Acts> barrier_{2, action<Acts>(runs_)};
};

// Two meet in the end though a third resets the barrier, whenever that is, and maybe breaks it before.
template <bool Acts, bool Aborts>
class is_reset : public scenario {
  void thread(unsigned index) override {
    if (index == 2) {
      if (Aborts) barrier_.abort();
      return barrier_.reset();
    }
    std::ptrdiff_t mine = -1;
    while ((mine = meet(barrier_)) < 0) {
      if (barrier_.broken()) lot::yield();
    }
    check(runs_.read() >= Acts, "the action before the return");
    came_[mine].write(came_[mine].read() + 1);
  }
  void after() override {
    check(came_[0].read() == 1 && came_[1].read() == 1, "each index once");
    check(runs_.read() <= 2 * Acts, "once in each generation");
    expect_whole(barrier_);
  }

  datum runs_, came_[2];
  barrier_of<Acts> barrier_{2, action<Acts>(runs_)};
};

// One waits for some time, the other for good; or both for some time. Either way both return, or both throw, and whoever comes then.
template <bool Acts, bool Both>
class timed : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    const std::ptrdiff_t mine = Both || index == 0 ? meet(barrier_, limit()) : meet(barrier_);
    ended_[index].write(static_cast<int>(mine));
    if (mine >= 0) check(work_[1 - index].read() == 1 && runs_.read() == Acts, visible);
  }
  void after() override {
    const bool broken = ended_[0].read() < 0;
    check(broken == (ended_[1].read() < 0), together);
    check(barrier_.broken() == broken && barrier_.n_waiting() == 0, whole);
    barrier_.reset();
    expect_whole(barrier_);
  }

  datum runs_, work_[2], ended_[2];
  barrier_of<Acts> barrier_{2, action<Acts>(runs_)};
};

// Three come to a barrier of two, each for some time; one resets it before. The waits of each generation end alike: so as many are
// first as are last.
template <bool Acts>
class crowds : public scenario {
  void thread(unsigned index) override {
    if (index == 0) barrier_.reset();
    ended_[index].write(static_cast<int>(meet(barrier_, limit())));
  }
  void after() override {
    int count[3] = {0, 0, 0};
    for (const datum& each : ended_) ++count[each.read() + 1];
    check(count[1] == count[2], together);
    check(Acts ? runs_.read() >= count[1] : runs_.read() == 0, "an action in each");
    check(barrier_.n_waiting() == 0, whole);
    barrier_.reset();
    expect_whole(barrier_);
  }

  datum runs_, ended_[3];
  barrier_of<Acts> barrier_{2, action<Acts>(runs_)};
};

// A stop is requested of one of the two that meet, before or while it waits, or after: both return, or both throw.
template <bool Timed>
class stopped : public scenario {
  void thread(unsigned index) override {
    if (index == 1) {
      work_.write(1);
      source_.request_stop();
      return ended_[1].write(static_cast<int>(meet(barrier_)));
    }
    const std::ptrdiff_t mine =
        Timed ? meet(barrier_, source_.get_token(), limit()) : meet(barrier_, source_.get_token());
    ended_[0].write(static_cast<int>(mine));
    if (!Timed) check(work_.read() == 1, visible);
  }
  void after() override {
    const bool broken = ended_[0].read() < 0;
    check(broken == (ended_[1].read() < 0), together);
    check(barrier_.broken() == broken && barrier_.n_waiting() == 0, whole);
  }

  barrier_of<false> barrier_{2};
  stop_source source_;
  datum work_, ended_[2];
};

// The last to come runs an action that throws: its exception reaches the last alone, and breaks the generation for the other.
class throws : public scenario {
  struct failure {};
  struct failing {
    void operator()() const { throw failure(); }
  };

  void thread(unsigned index) override {
    work_[index].write(1);
    try {
      check(meet(barrier_) == -1, "nobody is released");
    } catch (const failure&) {
      failed_.write(failed_.read() + 1);
    }
    check(work_[0].read() + work_[1].read() == 2, visible);
  }
  void after() override {
    check(failed_.read() == 1, "one gets the exception");
    check(barrier_.broken() && barrier_.n_waiting() == 0, "broken for good");
    barrier_.reset();
    expect_whole(barrier_);
  }

  park::basic_cyclic_barrier<failing, lot> barrier_{2};
  datum work_[2], failed_;
};

const table cyclic_barriers({
    {"cyclic_barrier.meets", 2, {random(20000), exhaustive()}, make<meets<false>>},
    {"cyclic_barrier.meets_and_acts", 2, {random(20000), bounded(4)}, make<meets<true>>},
    {"cyclic_barrier.meets_again", 2, {random(300000)}, make<meets_again<2>>},
    {"cyclic_barrier.meets_again_in_three", 3, {random(100000)}, make<meets_again<3>>},
    {"cyclic_barrier.acts_alone", 2, {random(20000), exhaustive()}, make<acts_alone<false>>},
    {"cyclic_barrier.acts_alone_among_three", 3, {random(100000), bounded(1)}, make<acts_alone<false>>},
    {"cyclic_barrier.acts_alone_though_reset", 3, {random(300000), bounded(2)}, make<acts_alone<true>>},
    {"cyclic_barrier.breaks_after_the_meeting", 2, {random(50000), bounded(4)}, make<breaks_after_the_meeting<false>>},
    {"cyclic_barrier.breaks_after_the_action", 2, {random(50000), bounded(4)}, make<breaks_after_the_meeting<true>>},
    {"cyclic_barrier.is_aborted_alone", 2, {random(20000), exhaustive()}, make<is_aborted_alone>},
    {"cyclic_barrier.is_reset_alone", 2, {random(20000), bounded(4)}, make<is_reset_alone>},
    {"cyclic_barrier.is_aborted", 3, {random(200000), bounded(2)}, make<is_aborted<false>>},
    {"cyclic_barrier.is_aborted_in_action", 3, {random(200000), bounded(2)}, make<is_aborted<true>>},
    {"cyclic_barrier.is_reset", 3, {random(200000), bounded(1)}, make<is_reset<false, false>>},
    {"cyclic_barrier.is_reset_in_action", 3, {random(200000), bounded(1)}, make<is_reset<true, false>>},
    {"cyclic_barrier.is_reset_once_broken", 3, {random(200000), bounded(1)}, make<is_reset<true, true>>},
    {"cyclic_barrier.timed", 2, {random(20000), bounded(4)}, make<timed<false, false>>},
    {"cyclic_barrier.timed_in_action", 2, {random(20000), bounded(4)}, make<timed<true, false>>},
    {"cyclic_barrier.both_timed", 2, {random(20000), bounded(3)}, make<timed<true, true>>},
    {"cyclic_barrier.crowds", 3, {random(300000), bounded(0)}, make<crowds<false>>},
    {"cyclic_barrier.crowds_in_action", 3, {random(300000), bounded(0)}, make<crowds<true>>},
    {"cyclic_barrier.stopped", 2, {random(20000), bounded(3)}, make<stopped<false>>},
    {"cyclic_barrier.stopped_in_time", 2, {random(20000), bounded(3)}, make<stopped<true>>},
    {"cyclic_barrier.throws", 2, {random(20000), bounded(4)}, make<throws>},
});

}  // namespace
