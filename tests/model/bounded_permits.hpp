// The scenarios of what a bounded_semaphore is made of: a release that is refused above a bound.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "permits_scenario.hpp"

namespace model {

// What a bounded_semaphore is made of, and what must hold of it once all threads have returned.
template <class Permits>
class bounded_scenario : public scenario {
 protected:
  bounded_scenario(std::ptrdiff_t bound, std::ptrdiff_t permits) : bound_(bound), permits_(permits) {
    nobody_starves = !searched_at_random();
  }
  ~bounded_scenario() override { nobody_starves = false; }

  bool release(std::ptrdiff_t n = 1) { return permits_->release_up_to(n, bound_); }
  void expect_no_more_than_the_bound() { check(permits_->available() <= bound_, "the count never passes the bound"); }

  const std::ptrdiff_t bound_;
  mortal<Permits> permits_;
};

// One gives a permit back, the other acquires it, sees what came before, and destroys the semaphore.
template <class Permits>
class hands_over_within_bounds : public bounded_scenario<Permits> {
 public:
  hands_over_within_bounds() : bounded_scenario<Permits>(1, 0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return check(this->release(), "there is room");
    }
    this->permits_->acquire(1, {});
    check(work_.read() == 1, visible);
    this->permits_.destroy();
  }

  datum work_;
};

// Two are out, and both wait for what comes back.
template <class Permits>
class serves_within_bounds : public bounded_scenario<Permits> {
 public:
  serves_within_bounds() : bounded_scenario<Permits>(2, 0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) return check(this->release(2), "there is room");
    this->permits_->acquire(1, {});
  }
  void after() override { check(this->permits_->available() == 0, "both are served"); }
};

// There is room for one, and two release: one is refused. The third never sees more than the bound.
template <class Permits>
class refuses : public bounded_scenario<Permits> {
 public:
  refuses() : bounded_scenario<Permits>(1, 0) {}

 private:
  void thread(unsigned index) override {
    if (index == 2) return this->expect_no_more_than_the_bound();
    if (!this->release()) refused_[index].write(1);
    this->expect_no_more_than_the_bound();
  }
  void after() override {
    check(refused_[0].read() + refused_[1].read() == 1, "one is refused");
    check(this->permits_->available() == 1, "and changes nothing");
  }

  datum refused_[2];
};

// One collects two, and may give up while somebody releases more than he has.
template <class Permits>
class gives_back_within_bounds : public bounded_scenario<Permits> {
 public:
  gives_back_within_bounds() : bounded_scenario<Permits>(2, 1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      static_cast<void>(this->release(2));
    } else {
      static_cast<void>(this->permits_->acquire(2, {park::deadline::at(some_time())}));
    }
    this->expect_no_more_than_the_bound();
  }
  void after() override { this->expect_no_more_than_the_bound(); }
};

template <class Permits>
std::vector<entry> bounded_scenarios(const std::string& name) {
  return {
      {name + ".hands_over_within_bounds", 2, {random(20000), exhaustive()}, make<hands_over_within_bounds<Permits>>},
      {name + ".serves_within_bounds", 3, {random(300000), bounded(1)}, make<serves_within_bounds<Permits>>},
      {name + ".refuses", 2, {random(20000), exhaustive()}, make<refuses<Permits>>},
      {name + ".refuses_before_a_witness", 3, {random(100000), bounded(2)}, make<refuses<Permits>>},
      {name + ".gives_back_within_bounds", 2, {random(20000), bounded(4)}, make<gives_back_within_bounds<Permits>>},
  };
}

}  // namespace model
