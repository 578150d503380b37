// The scenarios of a counting_semaphore: the same for all of its state machines.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "collecting.hpp"
#include "permits_scenario.hpp"

namespace model {

// One permit, a datum that only its holder touches.
template <class Semaphore, int Rounds>
class excludes : public permits_scenario<Semaphore> {
 public:
  // Of wide permits there are too many schedules.
  excludes()
      : permits_scenario<Semaphore>(1, excludes::narrow ? excludes::starving::always : excludes::starving::at_random) {}

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
template <class Semaphore>
class hands_over : public permits_scenario<Semaphore> {
 public:
  hands_over() : permits_scenario<Semaphore>(0) {}

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

// All but one wait. Their permits come one by one, or at once. Wakes are counted where none is for a door that opens.
template <class Semaphore, unsigned Threads, pace Pace, bool Starving = false>
class serves : public permits_scenario<Semaphore> {
 public:
  serves() : permits_scenario<Semaphore>(0, Starving ? serves::starving::always : serves::starving::never) {}

 private:
  static constexpr unsigned waiters = Threads - 1;

  void thread(unsigned index) override {
    if (index > 0) return this->permits_->acquire();
    if (Pace == pace::at_once) return this->permits_->release(waiters);
    for (unsigned each = 0; each < waiters; ++each) this->permits_->release();
  }
  void after() override {
    if (this->narrow && !Starving)
      check(lot::unparks_asked() <= waiters, "so many permits wake no more than so many threads");
    this->expect(0);
  }
};

// Two wait; who releases is quicker than they, now and then, and takes the permit for a while.
template <class Semaphore>
class serves_though_overtaken : public permits_scenario<Semaphore> {
 public:
  serves_though_overtaken() : permits_scenario<Semaphore>(0) {}

 private:
  void thread(unsigned index) override {
    if (index > 0) return this->permits_->acquire();
    this->permits_->release();
    if (this->permits_->try_acquire()) this->permits_->release();
    this->permits_->release();
  }
  void after() override { this->expect(0); }
};

// A timed acquire takes the one permit, or leaves it to who waits beside it.
template <class Semaphore, unsigned Threads>
class waits_for_some_time : public permits_scenario<Semaphore> {
 public:
  waits_for_some_time()
      : permits_scenario<Semaphore>(0, waits_for_some_time::narrow && Threads == 2
                                           ? waits_for_some_time::starving::always
                                           : waits_for_some_time::starving::at_random) {}

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
template <class Semaphore, limit Limit>
class stops : public permits_scenario<Semaphore> {
 public:
  stops() : permits_scenario<Semaphore>(0) {}

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

// Two wait; one is stopped when the permit that may have woken it has been taken by who released it.
template <class Semaphore>
class stops_though_overtaken : public permits_scenario<Semaphore> {
 public:
  stops_though_overtaken() : permits_scenario<Semaphore>(0) {}

 private:
  void thread(unsigned index) override {
    if (index == 1) {
      if (this->permits_->acquire(source_.get_token())) this->permits_->release();
    } else if (index == 2) {
      this->permits_->acquire();
    } else {
      this->permits_->release();
      const bool overtaken = this->permits_->try_acquire();
      source_.request_stop();
      if (overtaken) this->permits_->release();
      this->permits_->release();
    }
  }
  void after() override { this->expect(1); }

  stop_source source_;
};

template <class Semaphore>
std::vector<entry> permits_scenarios(const std::string& name) {
  // Wide permits take more steps for the same, which leaves less to be searched.
  const auto deep = [](search narrow, search wide) { return is_narrow<Semaphore> ? narrow : wide; };
  const auto narrow_also = [](unsigned schedules, search narrow) {
    const search at_random = random(schedules);
    return is_narrow<Semaphore> ? std::vector{at_random, narrow} : std::vector{at_random};
  };
  return {
      {name + ".hands_over", 2, {random(20000), exhaustive()}, make<hands_over<Semaphore>>},
      {name + ".excludes", 2, {random(20000), exhaustive()}, make<excludes<Semaphore, 1>>},
      {name + ".excludes_again", 2, {random(100000), bounded(2)}, make<excludes<Semaphore, 2>>},
      {name + ".excludes_three", 3, {random(300000), bounded(1)}, make<excludes<Semaphore, 1>>},
      {name + ".serves_two", 3, {random(300000), bounded(1)}, make<serves<Semaphore, 3, pace::one_by_one>>},
      {name + ".serves_two_at_once", 3, {random(300000), bounded(1)}, make<serves<Semaphore, 3, pace::at_once>>},
      {name + ".serves_two_who_may_starve",
       3,
       {random(300000), deep(bounded(1), bounded(0))},
       make<serves<Semaphore, 3, pace::one_by_one, true>>},
      {name + ".serves_three_who_may_starve", 4, {random(300000)}, make<serves<Semaphore, 4, pace::at_once, true>>},
      {name + ".excludes_three_who_come_back", 3, {random(300000)}, make<excludes<Semaphore, 2>>},
      {name + ".excludes_four", 4, {random(300000)}, make<excludes<Semaphore, 1>>},
      {name + ".serves_two_though_overtaken",
       3,
       {random(300000), bounded(1)},
       make<serves_though_overtaken<Semaphore>>},
      {name + ".gives_up_though_overtaken",
       3,
       {random(300000), bounded(1)},
       make<overtaken_beside_one<Semaphore, 1, ending::gives_up>>},
      {name + ".stops_though_overtaken", 3, {random(500000), bounded(0)}, make<stops_though_overtaken<Semaphore>>},
      {name + ".collects_though_overtaken",
       3,
       {random(300000), deep(bounded(1), bounded(0))},
       make<overtaken_beside_one<Semaphore, 2, ending::served>>},
      {name + ".gives_up_collecting_though_overtaken",
       3,
       {random(300000), bounded(0)},
       make<overtaken_beside_one<Semaphore, 2, ending::gives_up>>},
      {name + ".serves_three", 4, {random(300000)}, make<serves<Semaphore, 4, pace::one_by_one>>},
      {name + ".serves_three_at_once", 4, {random(300000)}, make<serves<Semaphore, 4, pace::at_once>>},
      {name + ".waits_for_some_time", 2, {random(20000), exhaustive()}, make<waits_for_some_time<Semaphore, 2>>},
      {name + ".waits_beside_another", 3, {random(300000), bounded(1)}, make<waits_for_some_time<Semaphore, 3>>},
      {name + ".stops", 2, {random(20000), deep(bounded(3), bounded(2))}, make<stops<Semaphore, limit::stop>>},
      {name + ".stops_beside_another", 3, {random(500000), bounded(0)}, make<stops<Semaphore, limit::stop>>},
      {name + ".stops_in_time",
       2,
       {random(20000), deep(bounded(3), bounded(2))},
       make<stops<Semaphore, limit::either>>},
      {name + ".stops_in_time_beside_another", 3, {random(500000), bounded(0)}, make<stops<Semaphore, limit::either>>},
      {name + ".collects", 2, {random(20000), deep(bounded(3), bounded(2))}, make<collects<Semaphore, 2>>},
      {name + ".collects_from_two", 3, {random(300000), bounded(1)}, make<collects<Semaphore, 3>>},
      {name + ".collects_beside_one",
       3,
       {random(500000), deep(bounded(1), bounded(0))},
       make<collects_beside_one<Semaphore, pace::one_by_one>>},
      {name + ".collects_at_once_beside_one",
       3,
       {random(500000), deep(bounded(1), bounded(0))},
       make<collects_beside_one<Semaphore, pace::at_once>>},
      {name + ".collects_in_turn",
       2,
       {random(300000), deep(bounded(4), bounded(0))},
       make<collects_in_turn<Semaphore>>},
      {name + ".three_collect_in_turn", 3, narrow_also(500000, bounded(1)), make<collects_in_turn<Semaphore>>},
      {name + ".gives_up_collecting", 3, narrow_also(500000, bounded(1)),
       make<gives_up_collecting<Semaphore, limit::time>>},
      {name + ".is_stopped_collecting", 3, narrow_also(500000, bounded(0)),
       make<gives_up_collecting<Semaphore, limit::stop>>},
      {name + ".gives_up_its_turn", 3, narrow_also(500000, bounded(0)),
       make<gives_up_its_turn<Semaphore, limit::time>>},
      {name + ".is_stopped_in_its_turn", 3, narrow_also(500000, bounded(0)),
       make<gives_up_its_turn<Semaphore, limit::stop>>},
      {name + ".gives_up_collecting_for_either", 3, narrow_also(500000, bounded(0)),
       make<gives_up_collecting<Semaphore, limit::either>>},
      {name + ".gives_up_its_turn_for_either", 3, narrow_also(500000, bounded(0)),
       make<gives_up_its_turn<Semaphore, limit::either>>},
      {name + ".collects_beside_a_timed", 3, narrow_also(500000, bounded(1)),
       make<collects_beside_a_limited<Semaphore, limit::time, pace::one_by_one>>},
      {name + ".collects_at_once_beside_a_timed", 3, narrow_also(500000, bounded(1)),
       make<collects_beside_a_limited<Semaphore, limit::time, pace::at_once>>},
      {name + ".collects_beside_a_stopped", 3, narrow_also(500000, bounded(0)),
       make<collects_beside_a_limited<Semaphore, limit::stop, pace::one_by_one>>},
      {name + ".serves_a_crowd", 4, {random(500000)}, make<serves_a_crowd<Semaphore>>},
  };
}

}  // namespace model
