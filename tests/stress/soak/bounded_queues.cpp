#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "families.hpp"
#include "park/bounded_queue.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace soak {
namespace {

struct label {
  int producer = 0, number = 0;
};

// Items that are only moved, on the heap, where a sanitizer sees what is lost or taken twice.
class parcel {
 public:
  explicit parcel(label which) : which_(std::make_unique<label>(which)) {}

  bool is_whole() const { return which_ != nullptr; }
  label which() const { return *which_; }

 private:
  std::unique_ptr<label> which_;
};

// Items whose move may throw, and does so now and then: then nothing has been moved.
class fragile {
 public:
  struct failure {};

  explicit fragile(label which) : which_(which), whole_(true) {}
  fragile(fragile&& other) noexcept(false) : which_(other.which_) {
    if (own_dice != nullptr && own_dice->one_in(8)) throw failure();
    whole_ = std::exchange(other.whole_, false);
  }
  fragile& operator=(fragile&&) = delete;
  ~fragile() = default;

  bool is_whole() const { return whole_; }
  label which() const { return which_; }

 private:
  label which_;
  bool whole_ = false;
};

// Some threads push, the others pop until the queue is closed and empty; the last to push closes it, or anybody does so before. What
// was pushed is popped once, in the order of each that pushed.
template <class Types, class Item>
class flow {
 public:
  explicit flow(round& whole)
      : round_(whole),
        producers_(whole.draw.between(1, std::max(1, whole.threads - 1))),
        consumers_(std::max(1, whole.threads - producers_)),
        each_(whole.repetitions(400)),
        closes_early_(whole.draw.one_in(4)),
        producing_(producers_),
        pushed_(static_cast<std::size_t>(producers_), 0),
        popped_(static_cast<std::size_t>(producers_)),
        queue_(static_cast<std::size_t>(whole.draw.one_in(2) ? whole.draw.between(1, 3) : whole.draw.between(1, 40))) {}

  void play() {
    round_.run(producers_ + consumers_,
               [this](hand& mine) { mine.index < producers_ ? produce(mine) : consume(mine); });
    for (std::size_t producer = 0; producer < pushed_.size(); ++producer)
      round_.require(pushed_[producer] == popped_[producer], "what was pushed was popped");
    round_.require(queue_->size() == 0, "a queue that was emptied is empty");
    queue_.vanish();
  }

 private:
  void produce(hand& mine) {
    int& pushed = pushed_[static_cast<std::size_t>(mine.index)];
    while (pushed < each_ && push(Item({mine.index, pushed}), mine)) {
      ++pushed;
      mine.require(queue_->size() <= queue_->capacity(), "a queue has no more items than it can");
      if (closes_early_ && mine.draw.one_in(static_cast<unsigned>(each_))) queue_->close();
      mine.pause();
    }
    mine.require(pushed == each_ || queue_->closed(), "only a closed queue refuses an item");
    if (--producing_ == 0) queue_->close();
  }

  // False where the queue is closed.
  bool push(Item item, hand& mine) {
    for (;;) {
      try {
        if (push_somehow(std::move(item), mine)) return true;
        if (queue_->closed()) return false;
      } catch (const fragile::failure&) {
      }
      mine.require(item.is_whole(), "an item that was refused is as it was");
    }
  }

  bool push_somehow(Item&& item, hand& mine) {
    switch (mine.draw.below(8)) {
      case 0:
        return queue_->try_push(std::move(item));
      case 1:
        return queue_->push_for(std::move(item), mine.patience());
      case 2:
        return queue_->push_until(std::move(item), system_clock::now() + mine.patience());
      case 3:
        return queue_->push(std::move(item), mine.stop_token());
      case 4:
        return queue_->push_for(std::move(item), mine.stop_token(), mine.patience());
      default:
        return queue_->push(std::move(item));
    }
  }

  void consume(hand& mine) {
    std::vector<int> next(pushed_.size(), 0);
    for (bool over = false; !over;) {
      try {
        const bool waits_for_the_end = mine.draw.one_in(2);
        const std::optional<Item> item = waits_for_the_end ? queue_->pop() : pop_somehow(mine);
        if (item) take(*item, next, mine);
        over = !item && waits_for_the_end;
      } catch (const fragile::failure&) {
      }
      mine.pause();
    }
    mine.require(queue_->closed(), "only a closed queue has no item for who waits");
  }

  std::optional<Item> pop_somehow(hand& mine) {
    switch (mine.draw.below(5)) {
      case 0:
        return queue_->try_pop();
      case 1:
        return queue_->pop_for(mine.patience());
      case 2:
        return queue_->pop_until(system_clock::now() + mine.patience());
      case 3:
        return queue_->pop(mine.stop_token());
      default:
        return queue_->pop_for(mine.stop_token(), mine.patience());
    }
  }

  void take(const Item& item, std::vector<int>& next, hand& mine) {
    mine.require(item.is_whole(), "an item is popped whole");
    const label which = item.which();
    const auto producer = static_cast<std::size_t>(which.producer);
    mine.require(which.number >= next[producer], "what one thread pushes is popped in that order");
    next[producer] = which.number + 1;
    ++popped_[producer];
    if (consumers_ == 1) mine.require(popped_[producer] == which.number + 1, "nothing is left out");
  }

  round& round_;
  const int producers_, consumers_, each_;
  const bool closes_early_;
  std::atomic<int> producing_;
  std::vector<int> pushed_;
  std::vector<std::atomic<int>> popped_;
  mortal<park::basic_bounded_queue<Item, typename Types::lot>> queue_;
};

// Step by step each producer pushes one item, and nobody who has popped one, or given up, comes again before all of the step are popped: so
// a call that is lost leaves a thread asleep beside an item.
template <class Types>
class steps {
 public:
  explicit steps(round& whole)
      : round_(whole),
        producers_(whole.draw.between(1, std::max(1, whole.threads / 2))),
        impatient_(whole.draw.between(0, 2)),
        count_(whole.repetitions(150)),
        queue_(static_cast<std::size_t>(whole.draw.between(1, producers_))) {}

  void play() {
    round_.run(2 * producers_ + impatient_, [this](hand& mine) {
      if (mine.index < producers_) return produce(mine);
      mine.index < 2 * producers_ ? consume(mine) : consume_impatiently(mine);
    });
    round_.require(popped_ == producers_ * count_, "what was pushed was popped");
    queue_.vanish();
  }

 private:
  void produce(hand& mine) {
    for (int step = 1; step <= count_; ++step) {
      until_popped(step - 1);
      begun_ = step;
      mine.require(queue_->push(step), "an open queue takes an item");
      mine.pause();
    }
    until_popped(count_);
    queue_->close();
  }

  void consume(hand& mine) {
    while (const std::optional<int> step = queue_->pop()) {
      ++popped_;
      until_popped(*step);
      mine.pause();
    }
  }

  void consume_impatiently(hand& mine) {
    while (!queue_->closed()) {
      const std::optional<int> step =
          mine.draw.one_in(2) ? queue_->pop_for(mine.patience()) : queue_->pop(mine.stop_token());
      if (step) ++popped_;
      until_popped(step.value_or(begun_));
      mine.pause();
    }
  }

  void until_popped(int step) {
    support::eventually([&] { return popped_ >= producers_ * step; });
  }

  round& round_;
  const int producers_, impatient_, count_;
  std::atomic<int> begun_{0}, popped_{0};
  mortal<park::basic_bounded_queue<int, typename Types::lot>> queue_;
};

// In batches: one or two push a range and wait until all is done, in whatever way; the others pop, one by one or as many as there are. Who
// has waited for its own finds what was made of each.
template <class Types, class Item>
class batches {
 public:
  explicit batches(round& whole)
      : round_(whole),
        producers_(whole.draw.between(1, std::max(1, std::min(2, whole.threads - 1)))),
        workers_(std::max(1, whole.threads - producers_)),
        count_(whole.repetitions(60)),
        size_(whole.draw.between(1, 12)),
        producing_(producers_),
        results_(static_cast<std::size_t>(producers_ * size_), 0),
        queue_(static_cast<std::size_t>(whole.draw.between(1, 8))) {}

  void play() {
    round_.run(producers_ + workers_, [this](hand& mine) { mine.index < producers_ ? produce(mine) : work(mine); });
    round_.require(queue_->wait_done_for(std::chrono::seconds(0)), "all is done in the end");
    try {
      queue_->task_done();
      round_.require(false, "one too many is refused");
    } catch (const park::task_done_error&) {
    }
    queue_.vanish();
  }

 private:
  void produce(hand& mine) {
    for (int batch = 1; batch <= count_; ++batch) {
      std::vector<Item> items;
      for (int number = 0; number < size_; ++number) items.push_back(Item({mine.index, mine.index * size_ + number}));
      while (!items.empty()) {
        const std::size_t pushed = push_somehow(std::move(items), mine);
        for (std::size_t each = 0; each < items.size(); ++each)
          mine.require(items[each].is_whole() == (each >= pushed), "what was pushed was moved, and nothing else");
        items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(pushed));
        mine.pause();
      }
      while (!wait_somehow(mine)) mine.pause();
      for (int number = 0; number < size_; ++number)
        mine.require(results_[static_cast<std::size_t>(mine.index * size_ + number)] == batch,
                     "what was waited for is done");
    }
    if (--producing_ == 0) queue_->close();
  }

  std::size_t push_somehow(std::vector<Item>&& items, hand& mine) {
    switch (mine.draw.below(5)) {
      case 0:
        return queue_->try_push_range(std::move(items));
      case 1:
        return queue_->push_range_for(std::move(items), mine.patience());
      case 2:
        return queue_->push_range_until(std::move(items), system_clock::now() + mine.patience());
      case 3:
        return queue_->push_range(std::move(items), mine.stop_token());
      default:
        return queue_->push_range(std::move(items));
    }
  }

  bool wait_somehow(hand& mine) {
    switch (mine.draw.below(5)) {
      case 0:
        return queue_->wait_done_for(mine.patience());
      case 1:
        return queue_->wait_done_until(system_clock::now() + mine.patience());
      case 2:
        return queue_->wait_done(mine.stop_token());
      case 3:
        return queue_->wait_done_for(mine.stop_token(), mine.patience());
      default:
        return queue_->wait_done(), true;
    }
  }

  void work(hand& mine) {
    for (;;) {
      if (mine.draw.one_in(3)) {
        std::vector<Item> items;
        const std::size_t most = mine.draw.below(6);
        const std::size_t got = queue_->drain(std::back_inserter(items), most);
        mine.require(got == items.size() && got <= most, "as many as there are");
        for (const Item& item : items) finish(item, mine);
        queue_->task_done(got);
      } else if (const std::optional<Item> item = queue_->pop()) {
        finish(*item, mine);
        queue_->task_done();
      } else {
        return;
      }
      mine.pause();
    }
  }

  // No two at one time do the same: a producer waits for it before it is pushed again.
  void finish(const Item& item, hand& mine) {
    mine.require(item.is_whole(), "an item is popped whole");
    ++results_[static_cast<std::size_t>(item.which().number)];
  }

  round& round_;
  const int producers_, workers_, count_, size_;
  std::atomic<int> producing_;
  std::vector<int> results_;  // plain, so that ThreadSanitizer sees what does not synchronize
  mortal<park::basic_bounded_queue<Item, typename Types::lot>> queue_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    if constexpr (Types::extended) {
      list.push_back({"bounded_queue.flow", family, [](round& whole) { flow<Types, parcel>(whole).play(); }});
      list.push_back({"bounded_queue.flow_fragile", family, [](round& whole) { flow<Types, fragile>(whole).play(); }});
      list.push_back({"bounded_queue.batches", family, [](round& whole) { batches<Types, parcel>(whole).play(); }});
      list.push_back({"bounded_queue.steps", family, [](round& whole) { steps<Types>(whole).play(); }});
    }
  });
  return list;
}());

}  // namespace
}  // namespace soak
