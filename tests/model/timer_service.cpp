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
using timer_task = park::detail::timer_task<lot>;

park::deadline at(std::int64_t time) {
  return park::deadline::at(
      std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>(std::chrono::nanoseconds(time)));
}

class task : public timer_task {
 public:
  explicit task(datum& runs, std::int64_t period = 0) noexcept : timer_task(period), runs_(runs) {}

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
      if (last.over().is_set()) return;
      service_.rest();
    }
  }

  // True where it was pending.
  bool start(timer_task& one, std::int64_t time) {
    return service_.start(one, at(time), [] {});
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
    if (index < 2) {
      start(*all_[index], 1 + index);
      return;
    }
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

// One thread serves until another has done with one task, and has started the last.
class again : public serving {
 public:
  ~again() override {
    one_->release();
    last_->release();
  }

 protected:
  explicit again(task* one) : one_(one) {}

  virtual void use() = 0;

  task* const one_;

 private:
  void thread(unsigned index) override {
    if (index == 0) return serve_until_over(*last_);
    use();
    start(*last_, 2);
  }

  datum runs_of_last_;
  task* const last_ = new task(runs_of_last_);
};

// Started anew while it may run: that is instead of the first run, or one more.
class is_restarted : public again {
 public:
  is_restarted() : again(new task(runs_)) {}

 private:
  void use() override {
    start(*one_, 1);
    const bool instead = start(*one_, 1);
    one_->over().wait();
    check(runs_.read() == (instead ? 1 : 2), "no run is lost, and none doubled");
  }

  datum runs_;
};

// Starts itself anew until it has run so often. None may begin once it is `closed`.
class restarting final : public task {
 public:
  restarting(service& its, datum& runs, unsigned most) noexcept : task(runs), service_(its), most_(most) {}

  void run() override {
    check(closed.load(std::memory_order_relaxed) == 0, "no run begins once the object has gone");
    task::run();
    if (++ran_ < most_) service_.start(*this, at(1), [] {});
  }

  atomic<std::uint32_t> closed{0};

 private:
  service& service_;
  const unsigned most_;
  unsigned ran_ = 0;
};

class restarts_itself : public again {
 public:
  restarts_itself() : again(new restarting(service_, runs_, 2)) {}

 private:
  void use() override {
    start(*one_, 1);
    one_->over().wait();
    check(runs_.read() == 2, "it has run twice");
  }

  datum runs_;
};

// Cancelled before it runs, while it does and is to run again, or too late.
class is_cancelled_as_it_restarts : public again {
 public:
  is_cancelled_as_it_restarts() : again(new restarting(service_, runs_, 2)) {}

 private:
  void use() override {
    start(*one_, 1);
    const bool prevented = service_.cancel(*one_);
    one_->over().wait();
    check(prevented ? runs_.read() < 2 : runs_.read() == 2, "a run that is prevented is the last to come");
  }

  datum runs_;
};

// Closed while it runs and restarts itself: once no run is under way, its object may go.
class is_closed : public again {
 public:
  is_closed() : again(new restarting(service_, object_, 3)) {}

 private:
  void use() override {
    start(*one_, 1);
    const bool runs = service_.close(*one_);
    if (runs) one_->over().wait();
    static_cast<restarting*>(one_)->closed.store(1, std::memory_order_relaxed);
    object_.write(7);
    check(!start(*one_, 1) && !one_->is_pending(), "nothing starts it any more");
  }

  datum object_;
};

// Due every 500 ns, from 1 on, where it is 1000: it has run once by then, and the next is not to come. Always to be cancelled.
class repeats : public again {
 public:
  repeats() : again(new task(runs_, 500)) {}

 private:
  void use() override {
    start(*one_, 1);
    check(service_.cancel(*one_), "there is always one to come");
    one_->over().wait();
    check(runs_.read() <= 1 && static_cast<std::uint64_t>(runs_.read()) == one_->skipped(),
          "one stands for those that were due");
  }

  datum runs_;
};

// Its thread leaves when it has been told to and there is nothing to run.
class leaves : public serving {
 public:
  ~leaves() override { one_->release(); }

 private:
  void thread(unsigned index) override {
    if (index == 0) return service_.serve([] {}, [] {});
    start(*one_, 1);
    service_.leave_when_empty();
  }
  void after() override { check(runs_.read() == 1 && service_.size() == 0, "it has run before that"); }

  datum runs_;
  task* const one_ = new task(runs_);
};

// Each works on what they share and lets go; the last sees the work of all.
class let_go : public scenario {
  void thread(unsigned index) override {
    work_[index].write(1);
    const bool last = index == 1 && count_.is_only_one();
    if (last || count_.release()) check(work_[0].read() == 1 && work_[1].read() == 1, "what came before is visible");
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
    {"timer_service.is_restarted", 2, {random(50000)}, make<is_restarted>},
    {"timer_service.restarts_itself", 2, {random(50000)}, make<restarts_itself>},
    {"timer_service.is_cancelled_as_it_restarts", 2, {random(50000)}, make<is_cancelled_as_it_restarts>},
    {"timer_service.is_closed", 2, {random(50000)}, make<is_closed>},
    {"timer_service.repeats", 2, {random(50000)}, make<repeats>},
    {"timer_service.leaves", 2, {random(50000)}, make<leaves>},
    {"timer_service.let_go", 2, {random(20000), exhaustive()}, make<let_go>},
});

}  // namespace
