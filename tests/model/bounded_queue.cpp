#include "park/bounded_queue.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "model.hpp"
#include "park/contract.hpp"
#include "passing.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "stop.hpp"

namespace {

using namespace model;

// So many producers push one item each, so many consumers take their share of them.
template <std::size_t Capacity, unsigned Producers, unsigned Consumers, class Item = item>
class passes : public passing<Item> {
 public:
  passes() : passing<Item>(Capacity) {}

 private:
  static constexpr unsigned items = Producers > Consumers ? Producers : Consumers;

  void thread(unsigned index) override {
    if (index < Producers) {
      for (unsigned number = index; number < items; number += Producers) {
        check(this->push(static_cast<int>(number) + 1), "nobody closes it");
      }
    } else {
      for (unsigned number = index - Producers; number < items; number += Consumers) {
        check(this->pop(), "nobody closes it");
      }
    }
  }
  void after() override { this->check_all(); }
};

// One pushes, the other pops: in order, and who fills a slot sees what came before it was emptied.
template <std::size_t Capacity>
class keeps_order : public passing<> {
 public:
  keeps_order() : passing<>(Capacity) {}

 private:
  void thread(unsigned index) override {
    for (std::size_t number = 0; number < before_pop_.size(); ++number) {
      const int value = static_cast<int>(number) + 1;
      if (index == 0) {
        push(value);
        if (number >= Capacity) check(before_pop_[number - Capacity].read() == 1, "what came before pop() is visible");
      } else {
        before_pop_[number].write(1);
        const auto got = it().pop();
        check(got && got->value() == value, "first in, first out");
      }
    }
  }

  std::array<datum, 3> before_pop_;
};

// One closes it, beside those who push and those who pop until the end.
template <std::size_t Capacity, unsigned Producers, unsigned Items, bool Consumer = true, class Item = item>
class closes : public passing<Item> {
 public:
  closes() : passing<Item>(Capacity) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      this->it().close();
    } else if (index <= Producers) {
      for (unsigned number = 0; number < Items; ++number) {
        if (!this->it().closed() && this->push(static_cast<int>((index - 1) * Items + number) + 1)) continue;
        check(work_.read() == 1, "what came before close() is visible");
        return;
      }
    } else {
      while (this->pop()) {
      }
      check(work_.read() == 1, "what came before close() is visible");
    }
  }
  void after() override {
    if (Consumer) check(this->it().size() == 0, "drained");
    this->check_all();
  }

  datum work_;
};

// Three wait, or come, and none is left behind when it is closed beside one push.
class closes_on_poppers : public passing<> {
 public:
  closes_on_poppers() : passing<>(2) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) return it().close();
    if (index == 1) {
      push(1);
      return;
    }
    while (pop()) {
    }
  }
  void after() override { check_all(); }
};

// What is closed while the last items come and go ends the wait of both who pop.
class closes_late : public passing<> {
 public:
  closes_late() : passing<>(2) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      push(1);
      popped(it().try_pop());
    } else if (index == 1) {
      it().close();
    } else {
      pop();
    }
  }
  void after() override { check_all(); }
};

// One has popped the first item itself: of those who wait, one gets the other, and its close() reaches the last.
class pops_the_second : public passing<> {
 public:
  pops_the_second() : passing<>(2) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      push(1);
      popped(it().try_pop());
    } else if (index == 1) {
      push(2);
    } else {
      pop();
      it().close();
    }
  }
  void after() override { check_all(); }
};

// One who pops has no time to lose, the others have: what it was woken for is theirs.
template <unsigned Items>
class pops_in_time : public passing<> {
 public:
  pops_in_time() : passing<>(2) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      for (unsigned number = 0; number < Items; ++number) push(static_cast<int>(number) + 1);
    } else if (index == 1) {
      if (popped(it().pop_until(some_time()))) push(4);
    } else {
      check(pop(), "one item for each");
    }
  }
  void after() override { check_all(); }
};

// The same where two who push are out of order, and one of them pops then.
class pops_in_time_out_of_order : public passing<> {
 public:
  pops_in_time_out_of_order() : passing<>(2) {}

 private:
  void thread(unsigned index) override {
    if (index < 2) push(static_cast<int>(index) + 1);
    if (index == 2) {
      if (popped(it().pop_until(some_time()))) push(3);
    } else if (index > 0) {
      check(pop(), "one item for each");
    }
  }
  void after() override { check_all(); }
};

// The same of those who push.
class pushes_in_time : public passing<> {
 public:
  pushes_in_time() : passing<>(1) { push(1); }

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      check(pop(), "what was in it");
    } else if (index == 1) {
      if (pushed(2, it().push_until(item(2), some_time()))) check(pop(), "what was in it");
    } else {
      push(3);
    }
  }
  void after() override { check_all(); }
};

// One who waits for what is on its way gives up, and another waits for it then.
class waits_where_one_gives_up : public passing<> {
 public:
  waits_where_one_gives_up() : passing<>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      push(1);
    } else if (index == 1) {
      if (popped(it().pop_until(some_time()))) push(2);
    } else {
      check(pop(), "one item is left");
    }
  }
  void after() override { check_all(); }
};

// A stop request comes while one waits, or does not; another may wait too.
class stops : public passing<> {
 public:
  stops() : passing<>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      push(1);
      source_.request_stop();
    } else if (index == 1) {
      if (popped(it().pop(source_.get_token()))) push(2);
    } else {
      check(pop(), "one item for each");
    }
  }
  void after() override { check_all(); }

  stop_source source_;
};

// The same, where the stop request may come in the middle of the push().
class stops_in_the_middle : public passing<> {
 public:
  stops_in_the_middle() : passing<>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      push(1);
    } else if (index == 1) {
      if (popped(it().pop(source_.get_token()))) push(2);
    } else if (index == 2) {
      check(pop(), "one item for each");
    } else {
      source_.request_stop();
    }
  }
  void after() override { check_all(); }

  stop_source source_;
};

// An item in the making of which a stop is requested.
class stopping_item : public item {
 public:
  explicit stopping_item(int value) noexcept : item(value) {}
  stopping_item(int value, stop_source& source) noexcept : item(value) { source.request_stop(); }
};

// Who waits for an item that is late is stopped before it comes, and leaves it to another.
class stops_before_what_is_late : public passing<stopping_item> {
 public:
  stops_before_what_is_late() : passing<stopping_item>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      pushed(1, it().emplace(1, source_));
    } else if (index == 1) {
      if (popped(it().pop(source_.get_token()))) push(2);
    } else {
      check(pop(), "one item for each");
    }
  }
  void after() override { check_all(); }

  stop_source source_;
};

// Those who do not wait take what is there.
class tries : public passing<> {
 public:
  tries() : passing<>(1) {}

 private:
  void thread(unsigned index) override {
    if (index == 0) {
      for (int value = 1; value <= 2; ++value) pushed(value, it().try_emplace(value));
    } else {
      for (int turn = 0; turn < 2; ++turn) popped(it().try_pop());
    }
  }
  void after() override { check_all(); }
};

const table queues({
    {"bounded_queue.passes_one_to_one", 2, {random(100000), bounded(3)}, make<passes<1, 1, 1>>},
    {"bounded_queue.keeps_order_in_one", 2, {random(100000)}, make<keeps_order<1>>},
    {"bounded_queue.keeps_order_in_two", 2, {random(100000)}, make<keeps_order<2>>},
    {"bounded_queue.tries", 2, {random(100000), bounded(2)}, make<tries>},
    {"bounded_queue.passes_two_to_one_by_one", 3, {random(300000)}, make<passes<1, 2, 1>>},
    {"bounded_queue.passes_two_to_one_by_two", 3, {random(300000)}, make<passes<2, 2, 1>>},
    {"bounded_queue.passes_one_to_two_by_one", 3, {random(300000)}, make<passes<1, 1, 2>>},
    {"bounded_queue.passes_two_to_two_by_one", 4, {random(300000)}, make<passes<1, 2, 2>>},
    {"bounded_queue.passes_two_to_two_by_two", 4, {random(300000)}, make<passes<2, 2, 2>>},
    {"bounded_queue.passes_three_to_one_by_one", 4, {random(300000)}, make<passes<1, 3, 1>>},
    {"bounded_queue.passes_with_locks", 4, {random(300000)}, make<passes<2, 2, 2, wary_item>>},
    {"bounded_queue.closes_by_one", 3, {random(300000)}, make<closes<1, 1, 2>>},
    {"bounded_queue.closes_by_two", 4, {random(300000)}, make<closes<2, 2, 1>>},
    {"bounded_queue.closes_on_pushers", 3, {random(100000)}, make<closes<1, 2, 1, false>>},
    {"bounded_queue.closes_with_locks", 3, {random(300000)}, make<closes<1, 1, 2, true, wary_item>>},
    {"bounded_queue.closes_on_poppers", 4, {random(300000)}, make<closes_on_poppers>},
    {"bounded_queue.closes_late", 4, {random(3000000)}, make<closes_late>},
    {"bounded_queue.pops_the_second", 4, {random(3000000)}, make<pops_the_second>},
    {"bounded_queue.pops_in_time", 3, {random(300000)}, make<pops_in_time<2>>},
    {"bounded_queue.pops_in_time_out_of_order", 4, {random(300000)}, make<pops_in_time_out_of_order>},
    {"bounded_queue.pushes_in_time", 3, {random(300000)}, make<pushes_in_time>},
    {"bounded_queue.waits_where_one_gives_up", 3, {random(300000)}, make<waits_where_one_gives_up>},
    {"bounded_queue.stops", 3, {random(300000)}, make<stops>},
    {"bounded_queue.stops_in_the_middle", 4, {random(300000)}, make<stops_in_the_middle>},
    {"bounded_queue.stops_before_what_is_late", 3, {random(300000)}, make<stops_before_what_is_late>},
});

}  // namespace
