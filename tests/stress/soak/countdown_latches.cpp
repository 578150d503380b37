#include <algorithm>
#include <atomic>
#include <cstddef>
#include <vector>

#include "families.hpp"
#include "park/countdown_latch.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace soak {
namespace {

// Some threads count one latch down, round after round, and begin each next round, which one of them does; the others wait for each round.
// The next begins at once, and each wait that had begun ends all the same; or when all waits have ended. The last to see the last
// round's end has the latch vanish, while count_down() may still run.
template <class Types>
class rounds {
 public:
  explicit rounds(round& whole)
      : round_(whole),
        counters_(whole.draw.between(1, std::max(1, whole.threads - 1))),
        waiters_(std::max(1, whole.threads - counters_)),
        each_(whole.draw.between(1, 3)),
        count_(whole.repetitions(80)),
        at_once_(whole.draw.one_in(2)),
        work_(static_cast<std::size_t>(counters_), 0),
        latch_(counters_ * each_) {}

  void play() {
    round_.run(counters_ + waiters_, [this](hand& mine) { mine.index < counters_ ? count(mine) : wait(mine); });
  }

 private:
  void count(hand& mine) {
    for (int number = 1; number <= count_; ++number) {
      support::eventually([&] { return begun_ == number * waiters_; });
      work_[static_cast<std::size_t>(mine.index)] = number;
      for (int left = each_; left > 0; --left) {
        latch_->count_down();
        if (left > 1) mine.pause();
      }
      if (number < count_) begin_another(number + 1);
      mine.pause();
    }
  }

  void begin_another(int number) {
    if (!at_once_) support::eventually([&] { return returned_ == (number - 1) * waiters_; });
    support::eventually([&] {
      if (current_ < number && latch_->try_set_count(counters_ * each_))
        round_.require(++current_ == number, "one thread begins each round");
      return current_ == number;
    });
  }

  void wait(hand& mine) {
    for (int number = 1; number <= count_; ++number) {
      support::eventually([&] { return current_ == number; });
      wait_once(mine);
      for (const int work : work_) mine.require(work == number, "a round is over: all have counted down");
      if (++returned_ == count_ * waiters_) {
        mine.require(latch_->count() == 0, "the last round leaves nothing to be counted down");
        latch_.vanish();
      }
      mine.pause();
    }
  }

  void wait_once(hand& mine) {
    // This thread has not yet said that it waits, so nobody counts down.
    if (mine.draw.one_in(2)) mine.require(!latch_->wait_for(mine.patience()), "a round that is on ends no wait");
    if (at_once_) return wait_and_tell(*latch_.operator->(), begun_);
    ++begun_;
    wait_somehow<Types>(*latch_.operator->(), mine);
  }

  round& round_;
  const int counters_, waiters_, each_, count_;
  const bool at_once_;
  std::vector<int> work_;  // not atomic: the latch orders it
  std::atomic<int> begun_{0}, returned_{0}, current_{1};
  mortal<park::basic_countdown_latch<typename Types::lot>> latch_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    if constexpr (Types::extended)
      list.push_back({"countdown_latch.rounds", family, [](round& whole) { rounds<Types>(whole).play(); }});
  });
  return list;
}());

}  // namespace
}  // namespace soak
