// Law 6 of bounded_queue: it is destroyed as soon as the last item has been popped, or pushed.
#include <cstddef>
#include <utility>

#include "model.hpp"
#include "park/bounded_queue.hpp"
#include "passing.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace {

using namespace model;

// So many push an item each, and one who pops them all destroys the queue, while those who pushed may still be about to return.
template <std::size_t Capacity, unsigned Producers, class Item = item>
class ends_when_popped : public passing<Item> {
 public:
  ends_when_popped() : passing<Item>(Capacity) {}

 private:
  void thread(unsigned index) override {
    if (index < Producers) {
      it_->emplace(static_cast<int>(index) + 1);
    } else {
      for (unsigned number = 0; number < Producers; ++number) check(this->pop(), "nobody closes it");
      this->destroy();
    }
  }

  typename passing<Item>::queue* const it_ = &this->it();  // of those who have begun when it is destroyed
};

// The same with two who pop, of whom the last to return does that.
template <class Item = item>
class ends_by_the_last : public passing<Item> {
 public:
  ends_by_the_last() : passing<Item>(2) {}

 private:
  void thread(unsigned index) override {
    if (index < 2) {
      it_->emplace(static_cast<int>(index) + 1);
    } else {
      check(it_->pop().has_value(), "nobody closes it");
      if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) this->destroy();
    }
  }

  typename passing<Item>::queue* const it_ = &this->it();
  atomic<std::uint32_t> left_{2};
};

// The same of one who waits in time, or until stopped, again and again; and of one who looks in vain.
template <int Way>
class ends_by_one_in_a_hurry : public passing<> {
 public:
  ends_by_one_in_a_hurry() : passing<>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      it_->emplace(1);
    } else if (index == 1) {
      if (Way == 0) {
        if (!popped(it().pop_until(some_time()))) check(pop(), "nobody closes it");
      } else {
        if (!popped(it().pop(source_.get_token()))) check(pop(), "nobody closes it");
      }
      destroy();
    } else {
      source_.request_stop();
    }
  }

  queue* const it_ = &it();
  stop_source source_;
};

// The other side: one pushes into the slot that another has emptied, and destroys the queue with what is in it.
template <class Item = item>
class ends_when_pushed : public passing<Item> {
 public:
  ends_when_pushed() : passing<Item>(1) { this->it().emplace(1); }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      check(it_->pop().has_value(), "what was in it");
    } else {
      check(it_->emplace(2), "nobody closes it");
      this->destroy();
    }
  }

  typename passing<Item>::queue* const it_ = &this->it();
};

const table lifetimes({
    {"bounded_queue_lifetime.ends_when_popped", 2, {random(100000), bounded(3)}, make<ends_when_popped<1, 1>>},
    {"bounded_queue_lifetime.ends_when_two_are_popped", 3, {random(300000)}, make<ends_when_popped<2, 2>>},
    {"bounded_queue_lifetime.ends_when_popped_with_locks",
     3,
     {random(300000)},
     make<ends_when_popped<1, 2, wary_item>>},
    {"bounded_queue_lifetime.ends_by_the_last", 4, {random(300000)}, make<ends_by_the_last<>>},
    {"bounded_queue_lifetime.ends_by_one_in_time", 2, {random(300000)}, make<ends_by_one_in_a_hurry<0>>},
    {"bounded_queue_lifetime.ends_by_one_who_is_stopped", 3, {random(300000)}, make<ends_by_one_in_a_hurry<1>>},
    {"bounded_queue_lifetime.ends_when_pushed", 2, {random(100000), bounded(3)}, make<ends_when_pushed<>>},
    {"bounded_queue_lifetime.ends_when_pushed_with_locks",
     2,
     {random(100000), bounded(3)},
     make<ends_when_pushed<wary_item>>},
});

}  // namespace
