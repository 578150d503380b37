#include "park/bounded_queue.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "model.hpp"
#include "park/contract.hpp"
#include "patience.hpp"
#include "scenario.hpp"
#include "stop.hpp"

// Not `new`, part of which the checker replaces.
void* park::detail::allocate_zeros(std::size_t bytes) { return std::calloc(bytes, 1); }
void park::detail::free_zeros(void* memory) noexcept { std::free(memory); }

namespace {

using namespace model;

// An int that is moved as one: a read and a write which nothing but the queue orders.
class item {
 public:
  explicit item(int value) noexcept : value_(value) {}
  item(item&& other) noexcept : value_(other.value_.read()) {}
  ~item() { value_.write(0); }

  int value() const { return value_.read(); }

 private:
  datum value_;
};

// The same, of which the compiler does not know that it moves without a throw.
class wary_item : public item {
 public:
  using item::item;
  wary_item(wary_item&& other) noexcept(false) : item(std::move(other)) {}
};

template <class Item = item>
class passing : public scenario {
 protected:
  using queue = park::basic_bounded_queue<Item, lot>;

  explicit passing(std::size_t capacity) : queue_(::new(aligned()) queue(capacity)) {}
  ~passing() override {
    std::destroy_at(queue_);
    std::free(memory_);
  }

  // `value` from 1 on.
  bool push(int value) { return pushed(value, queue_->emplace(value)); }
  bool pushed(int value, bool done) {
    if (done) pushed_[index(value)].write(1);
    return done;
  }

  bool pop() { return popped(queue_->pop()); }
  bool popped(const std::optional<Item>& got) {
    if (got) {
      const int value = got->value();
      check(value > 0, "an item that was pushed");
      check(popped_[index(value)].read() == 0, "each item once");
      popped_[index(value)].write(1);
    }
    return got.has_value();
  }

  // What is left comes out, and then every item that was pushed has. Nobody waits, so nobody is called.
  void check_all() {
    const unsigned asked = lot::unpark_calls();
    while (popped(queue_->try_pop())) {
    }
    if (queue_->try_emplace(1)) check(queue_->try_pop().has_value(), "it works on");
    check(lot::unpark_calls() == asked, "no waiter, no call of the lot");
    queue_->close();
    check(!pop(), "empty");
    for (std::size_t each = 0; each < most; ++each)
      check(pushed_[each].read() == popped_[each].read(), "nothing is lost");
    check(queue_->size() == 0, "empty");
  }

  queue& it() { return *queue_; }

 private:
  static constexpr std::size_t most = 4;
  static std::size_t index(int value) { return static_cast<std::size_t>(value) - 1; }

  void* aligned() {
    void* memory = memory_;
    std::size_t space = sizeof(queue) + alignof(queue);
    return std::align(alignof(queue), sizeof(queue), memory, space);
  }

  void* const memory_ =
      std::calloc(sizeof(queue) + alignof(queue), 1);  // a scenario is not over-aligned, as the queue is
  queue* queue_;
  std::array<datum, most> pushed_, popped_;
};

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
    {"bounded_queue.pops_in_time", 3, {random(300000)}, make<pops_in_time<2>>},
    {"bounded_queue.pops_in_time_out_of_order", 4, {random(300000)}, make<pops_in_time_out_of_order>},
    {"bounded_queue.pushes_in_time", 3, {random(300000)}, make<pushes_in_time>},
    {"bounded_queue.stops", 3, {random(300000)}, make<stops>},
});

}  // namespace
