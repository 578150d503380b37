// task_done() and wait_done() of a bounded_queue.
#include <array>
#include <cstddef>

#include "model.hpp"
#include "park/bounded_queue.hpp"
#include "park/contract.hpp"
#include "passing.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "stop.hpp"

void park::detail::throw_task_done() { contract_violation("a task_done() of what was not pushed"); }

namespace {

using namespace model;

// One who pushes items, then waits until what others do with them is done.
template <class Item = item>
class working : public passing<Item> {
 protected:
  explicit working(std::size_t capacity) : passing<Item>(capacity) {}

  // One item.
  void work() {
    const auto got = it_->pop();
    check(got.has_value(), "nobody closes it");
    done_[index(got->value())].write(1);
    it_->task_done();
  }
  void see_done(int value) { check(done_[index(value)].read() == 1, "what came before task_done() is visible"); }

  // Of those who have begun when it is destroyed.
  typename passing<Item>::queue* const it_ = &this->it();

 private:
  static std::size_t index(int value) { return static_cast<std::size_t>(value) - 1; }
  std::array<datum, 3> done_;
};

// So many work, an item each; who waits for them destroys the queue.
template <std::size_t Capacity, unsigned Workers, class Item = item>
class ends_when_done : public working<Item> {
 public:
  ends_when_done() : working<Item>(Capacity) {}

 private:
  void thread(unsigned index) override {
    if (index > 0) return this->work();
    for (unsigned each = 1; each <= Workers; ++each) this->it_->emplace(static_cast<int>(each));
    this->it_->wait_done();
    this->destroy();
    for (unsigned each = 1; each <= Workers; ++each) this->see_done(static_cast<int>(each));
  }
};

// One worker, whose items others have pushed, and two who wait.
class two_wait : public working<> {
 public:
  two_wait() : working<>(2) {
    it_->emplace(1);
    it_->emplace(2);
  }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work();
      work();
    } else {
      it_->wait_done();
      see_done(1);
      see_done(2);
    }
  }
};

// Two who count at one time, of items that each has popped: neither counts too far, whatever it has seen of the other's.
class counts_at_one_time : public working<> {
 public:
  counts_at_one_time() : working<>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      it_->emplace(1);
    } else if (index == 1) {
      it_->emplace(2);
    } else {
      check(it_->pop().has_value(), "nobody closes it");
      it_->task_done();
    }
  }
  void after() override { check(it_->wait_done_until(std::chrono::steady_clock::time_point()), "all is done"); }
};

// A second item comes while the first is being done with; who pushed it waits for it.
class comes_late : public working<> {
 public:
  comes_late() : working<>(2) { it_->emplace(1); }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work();
      work();
    } else if (index == 1) {
      it_->emplace(2);
      it_->wait_done();
      see_done(1);
      see_done(2);
    } else {
      it_->wait_done();
      see_done(1);
    }
  }
};

// One who waits has no time to lose, another has.
class waits_in_time : public working<> {
 public:
  waits_in_time() : working<>(2) { it_->emplace(1); }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work();
    } else if (index == 1) {
      if (it_->wait_done_until(some_time())) see_done(1);
    } else {
      it_->wait_done();
      see_done(1);
    }
  }
};

// One who waits is stopped, another is not.
class is_stopped : public working<> {
 public:
  is_stopped() : working<>(2) { it_->emplace(1); }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work();
      source_.request_stop();
    } else if (index == 1) {
      if (it_->wait_done(source_.get_token())) see_done(1);
    } else {
      it_->wait_done();
      see_done(1);
    }
  }

  stop_source source_;
};

// Closing changes nothing, and nobody is called where nobody waits.
class closes_meanwhile : public working<> {
 public:
  closes_meanwhile() : working<>(2) { it_->emplace(1); }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      it_->close();
      it_->wait_done();
      see_done(1);
    } else {
      work();
    }
  }
  void after() override {
    const unsigned asked = lot::unpark_calls();
    it_->wait_done();
    check(lot::unpark_calls() == asked, "no waiter, no call of the lot");
  }
};

const table done({
    {"bounded_queue_done.ends_when_done", 2, {random(100000), bounded(1)}, make<ends_when_done<1, 1>>},
    {"bounded_queue_done.ends_when_two_are_done", 3, {random(300000)}, make<ends_when_done<2, 2>>},
    {"bounded_queue_done.ends_when_done_with_locks", 3, {random(300000)}, make<ends_when_done<2, 2, wary_item>>},
    {"bounded_queue_done.ends_when_three_are_done", 4, {random(300000)}, make<ends_when_done<2, 3>>},
    {"bounded_queue_done.two_wait", 3, {random(300000)}, make<two_wait>},
    {"bounded_queue_done.counts_at_one_time", 4, {random(300000)}, make<counts_at_one_time>},
    {"bounded_queue_done.comes_late", 3, {random(300000)}, make<comes_late>},
    {"bounded_queue_done.waits_in_time", 3, {random(300000)}, make<waits_in_time>},
    {"bounded_queue_done.is_stopped", 3, {random(300000)}, make<is_stopped>},
    {"bounded_queue_done.closes_meanwhile", 2, {random(100000), bounded(2)}, make<closes_meanwhile>},
});

}  // namespace
