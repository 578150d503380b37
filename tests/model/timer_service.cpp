#include "park/detail/timer_service.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "model.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "this_thread.hpp"

// The library's own are not linked.
void park::detail::run_and_report(work& once, std::string_view) { once.run(); }
std::uint32_t park::detail::forks() noexcept { return 0; }

namespace {

using namespace model;

// Stands still: what is due at `now` is due, what is later never will be.
struct still_clock {
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<still_clock>;
  static time_point now() { return time_point(std::chrono::nanoseconds(1000)); }
};
using service = park::detail::timer_service<lot, still_clock>;

park::deadline at(std::int64_t time) {
  return park::deadline::at(
      std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>(std::chrono::nanoseconds(time)));
}

class task final : public park::detail::timer_task<lot> {
 public:
  explicit task(datum& runs) noexcept : runs_(runs) {}

  // The checker's own are for what it watches; these are not.
  static void* operator new(std::size_t size) { return std::malloc(size); }
  static void operator delete(void* memory) noexcept { std::free(memory); }

  void run() override { runs_.write(runs_.read() + 1); }
  void drop() noexcept override {}

 private:
  datum& runs_;
};

// Who stops waiting, or is not told, is a deadlock.
class serving : public scenario {
 protected:
  // Runs tasks, and sleeps, until `last` is over; that of a thread that does nothing else.
  void serve_until_over(const task& last) {
    for (;;) {
      while (service_.run_next()) {
      }
      if (last.over().try_wait()) return;
      service_.rest();
    }
  }

  void start(task& one, std::int64_t time) {
    service_.start(one, at(time), [] {});
  }

  service service_;
};

// One that is due is started while the service sleeps, or is about to: alone, or beside one that is never due.
template <bool Beside>
class wakes : public serving {
 public:
  wakes() {
    if (Beside) start(*later_, std::numeric_limits<std::int64_t>::max());
  }
  ~wakes() override {
    if (Beside) check(service_.cancel(*later_), "it never runs");
    later_->release();
    one_->release();
  }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      serve_until_over(*one_);
    } else {
      work_.write(1);
      start(*one_, 1);
      one_->over().wait();
      check(runs_.read() == 1, "the run is visible");
    }
  }
  void after() override { check(work_.read() == 1, "work"); }

  datum runs_, others_, work_;
  task* const one_ = new task(runs_);
  task* const later_ = new task(others_);
};

// Two start one each, the second of which may find that the first has rung already.
class wakes_for_two : public serving {
 public:
  ~wakes_for_two() override {
    for (task* const each : all_) each->release();
  }

 private:
  void thread(unsigned index) override {
    if (index < 2) return start(*all_[index], 1 + index);
    serve_until_over(*all_[0]);
    serve_until_over(*all_[1]);
  }
  void after() override { check(runs_.read() == 2, "both have run"); }

  datum runs_;
  task* const all_[2] = {new task(runs_), new task(runs_)};
};

// One is started and cancelled at once, while the service may run it: the one or the other, and the waiter sees which.
class runs_or_is_cancelled : public serving {
 public:
  ~runs_or_is_cancelled() override {
    service_.cancel(*wakes_);
    wakes_->release();
    one_->release();
  }

 private:
  void thread(unsigned index) override {
    if (index == 0) return serve_until_over(*one_);
    start(*one_, 1);
    prevented_.write(service_.cancel(*one_) ? 1 : 0);
    one_->over().wait();
    check(runs_.read() == 1 - prevented_.read(), "it has run, or was prevented");
    start(*wakes_, 1);  // the other thread may sleep
  }

  datum runs_, prevented_, others_;
  task* const one_ = new task(runs_);
  task* const wakes_ = new task(others_);
};

// Each works on what they share and lets go; the last sees the work of all.
class let_go : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    if (count_.release()) check(work_[0].read() == 1 && work_[1].read() == 1, "what came before is visible");
  }

 public:
  let_go() { count_.hold(); }

 private:
  park::detail::shared_count<lot> count_;
  datum work_[2];
};

const table timer_services({
    {"timer_service.wakes", 2, {random(50000), bounded(2)}, make<wakes<false>>},
    {"timer_service.wakes_beside_one", 2, {random(50000), bounded(2)}, make<wakes<true>>},
    {"timer_service.wakes_for_two", 3, {random(100000)}, make<wakes_for_two>},
    {"timer_service.runs_or_is_cancelled", 2, {random(50000)}, make<runs_or_is_cancelled>},
    {"timer_service.let_go", 2, {random(20000), exhaustive()}, make<let_go>},
});

}  // namespace
