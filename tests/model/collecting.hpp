// The scenarios of a counting_semaphore in which some thread collects its permits piece by piece.
#pragma once

#include <cstddef>

#include "permits_scenario.hpp"

namespace model {

// As before, but one of the two wants more than is there for a while, or at all: then it gives up, and passes on what it had.
template <class Semaphore, std::ptrdiff_t Wanted, ending Ending>
class overtaken_beside_one : public permits_scenario<Semaphore> {
 public:
  overtaken_beside_one() : permits_scenario<Semaphore>(0) {}

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

// One collects a permit from each of the others, and sees what they all did.
template <class Semaphore, unsigned Threads>
class collects : public permits_scenario<Semaphore> {
 public:
  collects() : permits_scenario<Semaphore>(0) {}

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
template <class Semaphore, pace Pace>
class collects_beside_one : public permits_scenario<Semaphore> {
 public:
  collects_beside_one() : permits_scenario<Semaphore>(0) {}

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
template <class Semaphore>
class collects_in_turn : public permits_scenario<Semaphore> {
 public:
  collects_in_turn() : permits_scenario<Semaphore>(1) {}

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
template <class Semaphore, limit Limit>
class gives_up_collecting : public permits_scenario<Semaphore> {
 public:
  gives_up_collecting() : permits_scenario<Semaphore>(0) {}

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
template <class Semaphore, limit Limit>
class gives_up_its_turn : public permits_scenario<Semaphore> {
 public:
  gives_up_its_turn() : permits_scenario<Semaphore>(1) {}

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
template <class Semaphore, limit Limit, pace Pace>
class collects_beside_a_limited : public permits_scenario<Semaphore> {
 public:
  collects_beside_a_limited() : permits_scenario<Semaphore>(0) {}

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
template <class Semaphore>
class serves_a_crowd : public permits_scenario<Semaphore> {
 public:
  serves_a_crowd() : permits_scenario<Semaphore>(1) {}

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

}  // namespace model
