#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "families.hpp"
#include "park/thread.hpp"
#include "park/timer.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace park::detail {

// The services of the jittery timers: the library has none for them.
template <class Lot>
  requires parking_lot<soak::jittery<Lot>>
struct timer_services<soak::jittery<Lot>> {
  using lot = soak::jittery<Lot>;

  static void give_own(timer_task<lot>& one, std::string&& name) {
    one.give_own(std::make_unique<own_timer_service<lot>>(std::move(name)));
  }
  static bool start(timer_task<lot>& one, deadline when) {
    if (one.own() != nullptr) return one.own()->service.start(one, when, [&one] { serve_alone(one); });
    return shared().start(one, when, serve_shared);
  }
  static bool cancel(timer_task<lot>& one) noexcept { return of(one).cancel(one); }
  static void close(timer_task<lot>& one) noexcept {
    const bool runs = of(one).close(one), within = runs && of(one).is_served_here();
    if (runs && !within) one.over().wait();
    if (!within) one.drop();
    if (one.own() != nullptr) of(one).leave_when_empty();
  }
  static void detach(timer_task<lot>& one) noexcept { of(one).leave_when_empty(); }

 private:
  static timer_service<lot>& shared() {
    static auto& of_the_process = *new timer_service<lot>;  // never destroyed: its thread runs on
    return of_the_process;
  }
  static timer_service<lot>& of(const timer_task<lot>& one) {
    return one.own() != nullptr ? one.own()->service : shared();
  }
  static void serve_shared() {
    const basic_thread<lot> server({.name = "jittery-timer", .daemon = true}, [] {
      soak::dice draw(0);
      soak::own_dice = &draw;
      shared().serve([] {}, serve_shared);
    });
  }
  static void serve_alone(timer_task<lot>& one) {
    const basic_thread<lot> server({.name = "jittery-own", .daemon = true}, [held = timer_task_holder(one)] {
      soak::dice draw(0);
      soak::own_dice = &draw;
      (*held).own()->service.serve([] {}, [] {});
      soak::own_dice = nullptr;  // what the thread holds is given back after this
    });
  }
};

}  // namespace park::detail

namespace soak {
namespace {

// All hands start timers, due soon or never, and wait for them, cancel, move, detach or destroy them. Each runs once, not before its time,
// or never; and which of the two is known once it has been waited for or cancelled.
template <class Types>
class runs {
  using timer = park::basic_timer<typename Types::lot>;

 public:
  explicit runs(round& whole) : round_(whole), repetitions_(whole.repetitions(60)) {}

  void play() {
    round_.run(round_.threads, [this](hand& mine) {
      std::vector<std::unique_ptr<record>> all;
      for (int repetition = 0; repetition < repetitions_; ++repetition) {
        all.push_back(std::make_unique<record>());
        use(*all.back(), mine), mine.pause();
      }
      for (const auto& each : all) {
        if (each->detached) support::eventually([&] { return each->count > 0; });
        mine.require(each->count == each->expected, "what has run, or never will, stays so");
      }
    });
  }

 private:
  struct record {
    steady_clock::time_point earliest{};
    std::atomic<int> count{0};
    int seen = 0;  // not atomic: the end of the run orders it
    int expected = 0;
    bool detached = false;
  };

  void use(record& its, hand& mine) {
    const bool never = mine.draw.one_in(4);
    const std::chrono::microseconds delay = never ? std::chrono::hours(1) : mine.patience();
    its.earliest = steady_clock::now() + delay;
    timer one(delay, [this, &its] { run(its); });
    if (never) {
      mine.require(one.pending(), "a timer is pending until its time has come");
      if (mine.draw.one_in(2)) mine.require(one.cancel() && !one.cancel(), "one call prevents the run");
      return;
    }
    if (mine.draw.one_in(2)) pause(mine.draw);
    switch (mine.draw.below(6)) {
      case 0:
        one.wait();
        return expect(its, 1, mine);
      case 1:
        while (!one.wait_for(mine.patience())) {
        }
        return expect(its, 1, mine);
      case 2:
        while (!one.wait(mine.stop_token())) {
        }
        return expect(its, 1, mine);
      case 3: {
        const bool prevented = one.cancel();
        one.wait();
        return expect(its, prevented ? 0 : 1, mine);
      }
      case 4:
        its.detached = true, its.expected = 1;
        return one.detach();
      default:
        timer other(std::move(one));
        one = timer();
        other = timer();  // cancels it, or waits for the end of the run
        its.expected = its.count;
        mine.require(its.seen == its.expected, "who ends a timer sees its run");
    }
  }

  static void expect(record& its, int count, hand& mine) {
    its.expected = count;
    mine.require(its.count == count, "a timer has run once, or was prevented");
    mine.require(its.seen == count, "who waits for a run sees it");
  }

  void run(record& its) {
    round_.require(steady_clock::now() >= its.earliest, "no timer runs before its time");
    ++its.seen;
    ++its.count;  // from here on a detached one's record may be gone
  }

  round& round_;
  const int repetitions_;
};

// One timer after another, which all others race to cancel, and its time to run.
template <class Types>
class race {
  using timer = park::basic_timer<typename Types::lot>;

 public:
  explicit race(round& whole) : round_(whole), runners_(whole.threads), count_(whole.repetitions(60)) {}

  void play() {
    round_.run(runners_ + 1, [this](hand& mine) {
      for (int number = 1; number <= count_; ++number) mine.index < runners_ ? run(number, mine) : judge(number, mine);
    });
  }

 private:
  void judge(int number, hand& mine) {
    outcomes_ = 0;
    timer one(mine.patience(), [this] { ++outcomes_; });
    one_ = &one;
    started_ = number;
    support::eventually([&] { return tried_ == number * runners_; });
    one.wait();
    mine.require(outcomes_ == 1, "a timer runs, or one call prevents that");
    mine.pause();
  }

  void run(int number, hand& mine) {
    support::eventually([&] { return started_ == number; });
    if (mine.draw.one_in(4)) static_cast<void>(one_.load()->wait_for(mine.patience()));
    if (mine.draw.one_in(2)) pause(mine.draw);
    if (one_.load()->cancel()) ++outcomes_;
    mine.require(!one_.load()->pending(), "a timer that was cancelled is not pending");
    ++tried_;
  }

  round& round_;
  const int runners_, count_;
  std::atomic<timer*> one_{nullptr};
  std::atomic<int> started_{0}, tried_{0}, outcomes_{0};
};

// One timer after another, on the shared thread or on its own, which all restart and cancel, and some restart in their runs: those that made
// one more run, less those that prevented one, are as many as have run.
template <class Types>
class restarts {
  using timer = park::basic_timer<typename Types::lot>;

 public:
  explicit restarts(round& whole) : round_(whole), runners_(whole.threads), count_(whole.repetitions(30)) {}

  void play() {
    round_.run(runners_ + 1, [this](hand& mine) {
      for (int number = 1; number <= count_; ++number) mine.index < runners_ ? run(number, mine) : judge(number, mine);
    });
  }

 private:
  void judge(int number, hand& mine) {
    due_ = 1, runs_ = 0;
    std::atomic<int> more(static_cast<int>(mine.draw.below(4)));
    timer one({.own_thread = mine.draw.one_in(4)}, mine.patience(), [this, &more, &one] {
      ++runs_;
      if (more.fetch_sub(1) > 0 && !one.restart(std::chrono::microseconds(1))) ++due_;
    });
    one_ = &one;
    started_ = number;
    support::eventually([&] { return tried_ == number * runners_; });
    one.wait();
    mine.require(!one.pending() && runs_ == due_, "no run is lost by a restart, and none doubled");
    if (mine.draw.one_in(2)) {
      if (!one.restart(mine.patience())) ++due_;
      mine.pause();
    }
  }

  void run(int number, hand& mine) {
    support::eventually([&] { return started_ == number; });
    for (int time = static_cast<int>(mine.draw.below(4)); time >= 0; --time) {
      if (mine.draw.one_in(2)) pause(mine.draw);
      if (mine.draw.one_in(3)) {
        if (one_.load()->cancel()) --due_;
      } else if (!one_.load()->restart(mine.patience())) {
        ++due_;
      }
    }
    ++tried_;
  }

  round& round_;
  const int runners_, count_;
  std::atomic<timer*> one_{nullptr};
  std::atomic<int> started_{0}, tried_{0}, due_{0}, runs_{0};
};

// All hands have timers that repeat, and cancel them, from outside or from inside, or end them. Each time that was due has a run, or was
// skipped, and none comes after the end.
template <class Types>
class repeats {
  using timer = park::basic_timer<typename Types::lot>;

 public:
  explicit repeats(round& whole) : round_(whole), repetitions_(whole.repetitions(20)) {}

  void play() {
    round_.run(round_.threads, [this](hand& mine) {
      for (int repetition = 0; repetition < repetitions_; ++repetition) use(mine), mine.pause();
    });
  }

 private:
  void use(hand& mine) {
    const std::chrono::microseconds period(1 + mine.draw.below(200));
    const int last = mine.draw.one_in(2) ? 1 + static_cast<int>(mine.draw.below(5)) : 0;
    const steady_clock::time_point begin = steady_clock::now();
    long long accounted = 0;  // not atomic: the end of the timer orders it
    int runs = 0;
    {
      timer one = park::every<timer>({.own_thread = mine.draw.one_in(4)}, period, [&](std::uint64_t skipped) {
        accounted += 1 + static_cast<long long>(skipped);
        round_.require(steady_clock::now() - begin >= accounted * period, "no run comes before its time");
        if (++runs == last) round_.require(one.cancel(), "a timer that repeats has always a run to come");
      });
      mine.pause();
      if (last > 0) {
        one.wait();
        mine.require(runs == last, "a timer that cancels itself runs no more");
      } else if (mine.draw.one_in(2)) {
        mine.require(one.cancel() && !one.cancel(), "one call prevents what is to come");
        one.wait();
      }
    }
    mine.require(runs <= accounted, "each run is for one time at least");
  }

  round& round_;
  const int repetitions_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    if constexpr (Types::extended) {
      list.push_back({"timer.runs", family, [](round& whole) { runs<Types>(whole).play(); }});
      list.push_back({"timer.restarts", family, [](round& whole) { restarts<Types>(whole).play(); }});
      list.push_back({"timer.repeats", family, [](round& whole) { repeats<Types>(whole).play(); }});
      list.push_back({"timer.race", family, [](round& whole) { race<Types>(whole).play(); }});
    }
  });
  return list;
}());

}  // namespace
}  // namespace soak
