// The scenarios of a counting_semaphore: the same for both of its state machines.
#pragma once

#include <cstddef>
#include <cstdint>
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
  using semaphore = park::basic_counting_semaphore<Max, lot>;
  static constexpr bool narrow = Max <= park::detail::narrow_permits<lot>::max;

  explicit permits_scenario(std::ptrdiff_t desired) : permits_(desired) {}

  // So many permits are left, and nobody is believed to wait: a release wakes nobody. (Wide permits may try once in vain.)
  void expect(std::ptrdiff_t left) {
    if (narrow) {
      // Its word is its first member, and all of it but the permits is about those who wait.
      const auto word = reinterpret_cast<const atomic<std::uint64_t>&>(*permits_).load(std::memory_order_relaxed);
      check(word == static_cast<std::uint64_t>(permits_->available()), "nobody who waited has left a trace");
    }
    check(permits_->available() == left && permits_->try_acquire(left), "no permit is lost");
    if (!narrow) permits_->release(), check(permits_->try_acquire(), "what was released is there");
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

enum class pace { one_by_one, at_once };
enum class ending { served, gives_up };
enum class limit { time, stop, either };

// Takes n permits, or none once the limit has come.
template <limit Limit, class Semaphore>
bool take_in_time(Semaphore& permits, std::ptrdiff_t n, stop_source& source) {
  if constexpr (Limit == limit::time) {
    return permits.try_acquire_until(n, some_time());
  } else if constexpr (Limit == limit::stop) {
    return permits.acquire(n, source.get_token());
  } else {
    return permits.try_acquire_until(n, source.get_token(), some_time());
  }
}

// All but one wait. Their permits come one by one, or at once.
template <std::ptrdiff_t Max, unsigned Threads, pace Pace>
class serves : public permits_scenario<Max> {
 public:
  serves() : permits_scenario<Max>(0) {}

 private:
  static constexpr unsigned waiters = Threads - 1;

  void thread(unsigned index) override {
    if (index > 0) return this->permits_->acquire();
    if (Pace == pace::at_once) return this->permits_->release(waiters);
    for (unsigned each = 0; each < waiters; ++each) this->permits_->release();
  }
  void after() override {
    if (this->narrow) check(lot::unparks_asked() <= waiters, "so many permits wake no more than so many threads");
    this->expect(0);
  }
};

// Two wait; who releases is quicker than they, now and then, and takes the permit for a while.
template <std::ptrdiff_t Max>
class serves_though_overtaken : public permits_scenario<Max> {
 public:
  serves_though_overtaken() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index > 0) return this->permits_->acquire();
    this->permits_->release();
    if (this->permits_->try_acquire()) this->permits_->release();
    this->permits_->release();
  }
  void after() override { this->expect(0); }
};

// As before, but one of the two wants more than is there for a while, or at all: then it gives up, and passes on what it had.
template <std::ptrdiff_t Max, std::ptrdiff_t Wanted, ending Ending>
class overtaken_beside_one : public permits_scenario<Max> {
 public:
  overtaken_beside_one() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      this->permits_->release();
      if (this->permits_->try_acquire()) this->permits_->release();
      for (std::ptrdiff_t each = 0; each < Wanted && Ending == ending::served; ++each) this->permits_->release();
    } else if (index == 1) {
      if (wait()) this->permits_->release(Wanted);
    } else {
      this->permits_->acquire();
    }
  }
  void after() override { this->expect(Ending == ending::served ? Wanted : 0); }

  bool wait() {
    if (Ending == ending::gives_up) return this->permits_->try_acquire_until(Wanted, some_time());
    return this->permits_->acquire(Wanted), true;
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

// A stop request comes before or after the one permit, and is for one thread alone, which may have a deadline too.
template <std::ptrdiff_t Max, limit Limit>
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
      taken = take_in_time<Limit>(*this->permits_, 1, source_);
    } else {
      this->permits_->acquire();
    }
    if (taken || Limit == limit::stop) check(work_.read() == 1, visible);
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
template <std::ptrdiff_t Max, pace Pace>
class collects_beside_one : public permits_scenario<Max> {
 public:
  collects_beside_one() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      if (Pace == pace::at_once) return this->permits_->release(2);
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
      if (Limit != limit::time) source_.request_stop();
    } else if (index == 1) {
      check(!take_in_time<Limit>(*this->permits_, 2, source_), "there are not so many permits");
    } else {
      this->permits_->acquire();
      check(work_.read() == 1, visible);
    }
  }
  void after() override { this->expect(0); }

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
      if (Limit != limit::time) source_.request_stop();
      this->permits_->release();
    }
    bool taken = true;
    if (index == 1) {
      taken = take_in_time<Limit>(*this->permits_, 2, source_);
    } else {
      this->permits_->acquire(2);
    }
    if (taken) this->permits_->release(2);
  }
  void after() override { this->expect(2); }

  stop_source source_;
};

// One collects two permits, while another, who wants but one, may take it or leave when its limit comes: the first is served anyway.
template <std::ptrdiff_t Max, limit Limit, pace Pace>
class collects_beside_a_limited : public permits_scenario<Max> {
 public:
  collects_beside_a_limited() : permits_scenario<Max>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      if (Pace == pace::one_by_one) this->permits_->release();
      if (Limit != limit::time) source_.request_stop();
      this->permits_->release(Pace == pace::one_by_one ? 1 : 2);
    } else if (index == 1) {
      this->permits_->acquire(2);
      this->permits_->release(2);
    } else if (take_in_time<Limit>(*this->permits_, 1, source_)) {
      this->permits_->release();
    }
  }
  void after() override { this->expect(2); }

  stop_source source_;
};

// All kinds of acquire at once, and permits for each of them in turn only.
template <std::ptrdiff_t Max>
class serves_a_crowd : public permits_scenario<Max> {
 public:
  serves_a_crowd() : permits_scenario<Max>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) return this->permits_->release();
    const std::ptrdiff_t wanted = index == 1 ? 1 : 2;
    bool taken = true;
    if (index == 3) {
      taken = this->permits_->try_acquire_until(wanted, some_time());
    } else {
      this->permits_->acquire(wanted);
    }
    if (taken) this->permits_->release(wanted);
  }
  void after() override { this->expect(2); }
};

template <std::ptrdiff_t Max>
std::vector<entry> permits_scenarios(const std::string& name) {
  // Wide permits take more steps for the same, which leaves less to be searched.
  const auto deep = [](search narrow, search wide) {
    return Max <= park::detail::narrow_permits<lot>::max ? narrow : wide;
  };
  const auto narrow_also = [](unsigned schedules, search narrow) {
    const search at_random = random(schedules);
    return Max <= park::detail::narrow_permits<lot>::max ? std::vector{at_random, narrow} : std::vector{at_random};
  };
  return {
      {name + ".hands_over", 2, {random(20000), exhaustive()}, make<hands_over<Max>>},
      {name + ".excludes", 2, {random(20000), exhaustive()}, make<excludes<Max, 1>>},
      {name + ".excludes_again", 2, {random(100000), deep(bounded(4), bounded(3))}, make<excludes<Max, 2>>},
      {name + ".excludes_three", 3, {random(300000), bounded(1)}, make<excludes<Max, 1>>},
      {name + ".serves_two", 3, {random(300000), bounded(1)}, make<serves<Max, 3, pace::one_by_one>>},
      {name + ".serves_two_at_once", 3, {random(300000), bounded(1)}, make<serves<Max, 3, pace::at_once>>},
      {name + ".serves_two_though_overtaken", 3, {random(300000), bounded(1)}, make<serves_though_overtaken<Max>>},
      {name + ".gives_up_though_overtaken",
       3,
       {random(300000), bounded(1)},
       make<overtaken_beside_one<Max, 1, ending::gives_up>>},
      {name + ".collects_though_overtaken",
       3,
       {random(300000), deep(bounded(1), bounded(0))},
       make<overtaken_beside_one<Max, 2, ending::served>>},
      {name + ".gives_up_collecting_though_overtaken",
       3,
       {random(300000), deep(bounded(1), bounded(0))},
       make<overtaken_beside_one<Max, 2, ending::gives_up>>},
      {name + ".serves_three", 4, {random(300000)}, make<serves<Max, 4, pace::one_by_one>>},
      {name + ".serves_three_at_once", 4, {random(300000)}, make<serves<Max, 4, pace::at_once>>},
      {name + ".waits_for_some_time", 2, {random(20000), exhaustive()}, make<waits_for_some_time<Max, 2>>},
      {name + ".waits_beside_another", 3, {random(300000), bounded(1)}, make<waits_for_some_time<Max, 3>>},
      {name + ".stops", 2, {random(20000), deep(bounded(3), bounded(2))}, make<stops<Max, limit::stop>>},
      {name + ".stops_beside_another", 3, {random(500000), bounded(0)}, make<stops<Max, limit::stop>>},
      {name + ".stops_in_time", 2, {random(20000), deep(bounded(3), bounded(2))}, make<stops<Max, limit::either>>},
      {name + ".stops_in_time_beside_another", 3, {random(500000), bounded(0)}, make<stops<Max, limit::either>>},
      {name + ".collects", 2, {random(20000), deep(exhaustive(), bounded(2))}, make<collects<Max, 2>>},
      {name + ".collects_from_two", 3, {random(300000), bounded(1)}, make<collects<Max, 3>>},
      {name + ".collects_beside_one",
       3,
       {random(500000), deep(bounded(1), bounded(0))},
       make<collects_beside_one<Max, pace::one_by_one>>},
      {name + ".collects_at_once_beside_one",
       3,
       {random(500000), deep(bounded(1), bounded(0))},
       make<collects_beside_one<Max, pace::at_once>>},
      {name + ".collects_in_turn", 2, {random(300000), deep(bounded(4), bounded(0))}, make<collects_in_turn<Max>>},
      {name + ".three_collect_in_turn", 3, narrow_also(500000, bounded(1)), make<collects_in_turn<Max>>},
      {name + ".gives_up_collecting", 3, narrow_also(500000, bounded(1)), make<gives_up_collecting<Max, limit::time>>},
      {name + ".is_stopped_collecting", 3, narrow_also(500000, bounded(0)),
       make<gives_up_collecting<Max, limit::stop>>},
      {name + ".gives_up_its_turn", 3, narrow_also(500000, bounded(0)), make<gives_up_its_turn<Max, limit::time>>},
      {name + ".is_stopped_in_its_turn", 3, narrow_also(500000, bounded(0)), make<gives_up_its_turn<Max, limit::stop>>},
      {name + ".gives_up_collecting_for_either", 3, narrow_also(500000, bounded(0)),
       make<gives_up_collecting<Max, limit::either>>},
      {name + ".gives_up_its_turn_for_either", 3, narrow_also(500000, bounded(0)),
       make<gives_up_its_turn<Max, limit::either>>},
      {name + ".collects_beside_a_timed", 3, narrow_also(500000, bounded(1)),
       make<collects_beside_a_limited<Max, limit::time, pace::one_by_one>>},
      {name + ".collects_at_once_beside_a_timed", 3, narrow_also(500000, bounded(1)),
       make<collects_beside_a_limited<Max, limit::time, pace::at_once>>},
      {name + ".collects_beside_a_stopped", 3, narrow_also(500000, bounded(0)),
       make<collects_beside_a_limited<Max, limit::stop, pace::one_by_one>>},
      {name + ".serves_a_crowd", 4, {random(500000)}, make<serves_a_crowd<Max>>},
  };
}

}  // namespace model
