#include "park/bounded_semaphore.hpp"
#include "park/contract.hpp"
#include "permits.hpp"

// The library's own would throw.
void park::detail::throw_over_release() { contract_violation("a release above the bound"); }

namespace {

using namespace model;

const table narrow(permits_scenarios<park::detail::narrow_permits<lot>::max>("narrow_permits"));

// What a bounded_semaphore is made of, and what must hold of it once all threads have returned.
class bounded_scenario : public scenario {
 protected:
  bounded_scenario(std::ptrdiff_t bound, std::ptrdiff_t permits) : bound_(bound), permits_(permits) {}

  bool release(std::ptrdiff_t n = 1) { return permits_->release_up_to(n, bound_); }
  void expect_no_more_than_the_bound() { check(permits_->available() <= bound_, "the count never passes the bound"); }

  const std::ptrdiff_t bound_;
  mortal<park::detail::narrow_permits<lot>> permits_;
};

// One gives a permit back, the other acquires it, sees what came before, and destroys the semaphore.
class hands_over_within_bounds : public bounded_scenario {
 public:
  hands_over_within_bounds() : bounded_scenario(1, 0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      return check(release(), "there is room");
    }
    permits_->acquire(1, {});
    check(work_.read() == 1, visible);
    permits_.destroy();
  }

  datum work_;
};

// Two are out, and both wait for what comes back.
class serves_within_bounds : public bounded_scenario {
 public:
  serves_within_bounds() : bounded_scenario(2, 0) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) return check(release(2), "there is room");
    permits_->acquire(1, {});
  }
  void after() override { check(permits_->available() == 0, "both are served"); }
};

// There is room for one, and two release: one is refused. The third never sees more than the bound.
class refuses : public bounded_scenario {
 public:
  refuses() : bounded_scenario(1, 0) {}

 private:
  void thread(unsigned index) override {
    if (index == 2) return expect_no_more_than_the_bound();
    if (!release()) refused_[index].write(1);
    expect_no_more_than_the_bound();
  }
  void after() override {
    check(refused_[0].read() + refused_[1].read() == 1, "one is refused");
    check(permits_->available() == 1, "and changes nothing");
  }

  datum refused_[2];
};

// One collects two, and may give up while somebody releases more than he has.
class gives_back_within_bounds : public bounded_scenario {
 public:
  gives_back_within_bounds() : bounded_scenario(2, 1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      static_cast<void>(release(2));
    } else {
      static_cast<void>(permits_->acquire(2, {park::deadline::at(some_time())}));
    }
    expect_no_more_than_the_bound();
  }
  void after() override { expect_no_more_than_the_bound(); }
};

const table bounded_releases({
    {"narrow_permits.hands_over_within_bounds", 2, {random(20000), exhaustive()}, make<hands_over_within_bounds>},
    {"narrow_permits.serves_within_bounds", 3, {random(300000), bounded(1)}, make<serves_within_bounds>},
    {"narrow_permits.refuses", 2, {random(20000), exhaustive()}, make<refuses>},
    {"narrow_permits.refuses_before_a_witness", 3, {random(100000), bounded(2)}, make<refuses>},
    {"narrow_permits.gives_back_within_bounds", 2, {random(20000), bounded(4)}, make<gives_back_within_bounds>},
});

}  // namespace
