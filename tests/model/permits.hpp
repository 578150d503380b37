// The scenarios of a counting_semaphore: the same for both of its state machines.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model.hpp"
#include "park/semaphore.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace model {

inline constexpr const char* visible = "what came before is visible";

// A semaphore and what must hold of it once all threads have returned.
template <std::ptrdiff_t Max>
class permits_scenario : public scenario {
 protected:
  using semaphore = park::counting_semaphore<Max, lot>;
  static constexpr bool narrow = Max <= park::detail::narrow_permits<lot>::max;

  explicit permits_scenario(std::ptrdiff_t desired) : permits_(desired) {}

  // So many permits are left, and nobody is believed to wait: a release wakes nobody. (Wide permits may try once in vain.)
  void expect(std::ptrdiff_t left) {
    check(permits_->available() == left, "no permit is lost, none is made");
    if (!narrow) permits_->release();
    const unsigned calls = lot::unpark_calls();
    permits_->release();
    check(lot::unpark_calls() == calls, "nobody who waited has left a trace");
  }

  mortal<semaphore> permits_;
};

// One permit, a datum that only its holder touches.
template <std::ptrdiff_t Max, int Rounds>
class excludes : public permits_scenario<Max> {
 public:
  excludes() : permits_scenario<Max>(1) {}

 private:
  void thread(unsigned) override {
    for (int round = 0; round < Rounds; ++round) {
      this->permits_->acquire();
      held_.write(held_.read() + 1);
      this->permits_->release();
    }
  }
  void after() override { this->expect(1); }

  datum held_;
};

// One releases, the other acquires, sees what came before, and destroys the semaphore.
template <std::ptrdiff_t Max>
class hands_over : public permits_scenario<Max> {
 public:
  hands_over() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return this->permits_->release();
    }
    this->permits_->acquire();
    check(work_.read() == 1, visible);
    this->permits_.destroy();
  }

  datum work_;
};

// Two wait. The permits come one by one, or both at once; with each the thread may be quicker than they and take it for a while.
template <std::ptrdiff_t Max, bool AtOnce, bool Barge>
class serves_two : public permits_scenario<Max> {
 public:
  serves_two() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index > 0) return this->permits_->acquire();
    if (AtOnce) return this->permits_->release(2);
    this->permits_->release();
    if (Barge && this->permits_->try_acquire()) this->permits_->release();
    this->permits_->release();
  }
  void after() override {
    if (this->narrow && !Barge) check(lot::unparks_asked() <= 2, "two permits wake two at most");
    this->expect(0);
  }
};

// A timed acquire takes the one permit, or leaves it to who waits beside it.
template <std::ptrdiff_t Max, unsigned Threads>
class waits_for_some_time : public permits_scenario<Max> {
 public:
  waits_for_some_time() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return this->permits_->release();
    }
    bool taken = true;
    if (index == 1) {
      taken = this->permits_->try_acquire_until(some_time());
    } else {
      this->permits_->acquire();
    }
    if (!taken) return;
    check(work_.read() == 1, visible);
    this->permits_->release();
  }
  void after() override { this->expect(1); }

  datum work_;
};

// A stop request comes before or after the one permit, and is for one thread alone.
template <std::ptrdiff_t Max>
class stops : public permits_scenario<Max> {
 public:
  stops() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      const bool stop_first = choose(2) == 0;
      work_.write(1);
      if (stop_first) source_.request_stop();
      this->permits_->release();
      if (!stop_first) source_.request_stop();
      return;
    }
    bool taken = true;
    if (index == 1) {
      taken = this->permits_->acquire(source_.get_token());
    } else {
      this->permits_->acquire();
    }
    check(work_.read() == 1, visible);
    if (taken) this->permits_->release();
  }
  void after() override { this->expect(1); }

  stop_source source_;
  datum work_;
};

// One collects a permit from each of the others, and sees what they all did.
template <std::ptrdiff_t Max, unsigned Threads>
class collects : public permits_scenario<Max> {
 public:
  collects() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index > 0) {
      work_[index].write(1);
      this->permits_->release();
      if (Threads == 2) this->permits_->release();
      return;
    }
    this->permits_->acquire(2);
    for (unsigned other = 1; other < Threads; ++other) check(work_[other].read() == 1, visible);
    this->permits_.destroy();
  }

  datum work_[Threads];
};

// One wants two permits, another one; both are served, in whatever order and pieces the permits come.
template <std::ptrdiff_t Max, bool AtOnce>
class collects_beside_one : public permits_scenario<Max> {
 public:
  collects_beside_one() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      if (AtOnce) return this->permits_->release(2);
      this->permits_->release();
      this->permits_->release();
    } else {
      this->permits_->acquire(index);
      this->permits_->release(static_cast<std::ptrdiff_t>(index));
    }
  }
  void after() override { this->expect(2); }
};

// All want both of the permits: none holds one that another lacks.
template <std::ptrdiff_t Max>
class collects_in_turn : public permits_scenario<Max> {
 public:
  collects_in_turn() : permits_scenario<Max>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) this->permits_->release();
    this->permits_->acquire(2);
    held_.write(held_.read() + 1);
    this->permits_->release(2);
  }
  void after() override { this->expect(2); }

  datum held_;
};

enum class limit { time, stop };

// The first gives up collecting when its limit comes, and leaves what it had to the second, which wants but one.
template <std::ptrdiff_t Max, limit Limit>
class gives_up_collecting : public permits_scenario<Max> {
 public:
  gives_up_collecting() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      this->permits_->release();
      if (Limit == limit::stop) source_.request_stop();
    } else if (index == 1) {
      check(!collect(), "there are not so many permits");
    } else {
      this->permits_->acquire();
      check(work_.read() == 1, visible);
    }
  }
  void after() override { this->expect(0); }

  bool collect() {
    if (Limit == limit::stop) return this->permits_->acquire(2, source_.get_token());
    return this->permits_->try_acquire_until(2, some_time());
  }

  stop_source source_;
  datum work_;
};

// All want both permits, and one of them gives up when its limit comes, also while it waits for its turn to collect.
template <std::ptrdiff_t Max, limit Limit>
class gives_up_its_turn : public permits_scenario<Max> {
 public:
  gives_up_its_turn() : permits_scenario<Max>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      if (Limit == limit::stop) source_.request_stop();
      this->permits_->release();
    }
    if (index == 1 ? collect() : (this->permits_->acquire(2), true)) this->permits_->release(2);
  }
  void after() override { this->expect(2); }

  bool collect() {
    if (Limit == limit::stop) return this->permits_->acquire(2, source_.get_token());
    return this->permits_->try_acquire_until(2, some_time());
  }

  stop_source source_;
};

template <std::ptrdiff_t Max>
std::vector<entry> permits_scenarios(const std::string& name) {
  return {
      {name + ".hands_over", 2, {random(20000), exhaustive()}, make<hands_over<Max>>},
      {name + ".excludes", 2, {random(20000), exhaustive()}, make<excludes<Max, 1>>},
      {name + ".excludes_again", 2, {random(100000), bounded(2)}, make<excludes<Max, 2>>},
      {name + ".excludes_three", 3, {random(300000), bounded(1)}, make<excludes<Max, 1>>},
      {name + ".serves_two_one_by_one", 3, {random(300000), bounded(1)}, make<serves_two<Max, false, false>>},
      {name + ".serves_two_at_once", 3, {random(300000), bounded(1)}, make<serves_two<Max, true, false>>},
      {name + ".serves_two_though_overtaken", 3, {random(300000), bounded(1)}, make<serves_two<Max, false, true>>},
      {name + ".waits_for_some_time", 2, {random(20000), exhaustive()}, make<waits_for_some_time<Max, 2>>},
      {name + ".waits_for_some_time_beside_another", 3, {random(300000), bounded(1)}, make<waits_for_some_time<Max, 3>>},
      {name + ".stops", 2, {random(20000), bounded(2)}, make<stops<Max>>},
      {name + ".stops_beside_another", 3, {random(500000)}, make<stops<Max>>},
      {name + ".collects", 2, {random(20000), bounded(3)}, make<collects<Max, 2>>},
      {name + ".collects_from_two", 3, {random(300000), bounded(1)}, make<collects<Max, 3>>},
      {name + ".collects_beside_one", 3, {random(500000)}, make<collects_beside_one<Max, false>>},
      {name + ".collects_both_beside_one", 3, {random(500000)}, make<collects_beside_one<Max, true>>},
      {name + ".collects_in_turn", 2, {random(300000), bounded(1)}, make<collects_in_turn<Max>>},
      {name + ".three_collect_in_turn", 3, {random(500000)}, make<collects_in_turn<Max>>},
      {name + ".gives_up_collecting", 3, {random(500000)}, make<gives_up_collecting<Max, limit::time>>},
      {name + ".is_stopped_collecting", 3, {random(500000)}, make<gives_up_collecting<Max, limit::stop>>},
      {name + ".gives_up_its_turn", 3, {random(500000)}, make<gives_up_its_turn<Max, limit::time>>},
      {name + ".is_stopped_in_its_turn", 3, {random(500000)}, make<gives_up_its_turn<Max, limit::stop>>},
  };
}

}  // namespace model
