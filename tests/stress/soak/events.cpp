#include <atomic>
#include <chrono>

#include "families.hpp"
#include "park/event.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace soak {
namespace {

// One thread sets an event, again and again; the others wait for each time. What has been set is cleared at once: each wait that had
// begun ends all the same; or when all have seen it. The last time it stays set, and the last to see that has the event vanish, while
// set() may still run.
template <class Types>
class pulses {
 public:
  explicit pulses(round& whole)
      : round_(whole), waiters_(whole.threads), count_(whole.repetitions(80)), at_once_(whole.draw.one_in(2)) {}

  void play() {
    round_.run(waiters_ + 1, [this](hand& mine) { mine.index < waiters_ ? follow(mine) : lead(mine); });
  }

 private:
  void lead(hand& mine) {
    for (int number = 1; number <= count_; ++number) {
      support::eventually([&] { return begun_ == number * waiters_; });
      number_ = number;
      event_->set();
      if (number == count_) return;
      if (!at_once_) support::eventually([&] { return returned_ == number * waiters_; });
      event_->clear();
      cleared_ = number;
      mine.pause();
    }
  }

  void follow(hand& mine) {
    for (int number = 1; number <= count_; ++number) {
      support::eventually([&] { return cleared_ == number - 1; });
      wait(mine);
      mine.require(number_ == number, "a wait ends by the set that comes after it has begun");
      if (++returned_ == count_ * waiters_) event_.vanish();
      mine.pause();
    }
  }

  void wait(hand& mine) {
    if (mine.draw.one_in(2)) wait_in_vain(mine);
    if (at_once_) return wait_and_tell(*event_.operator->(), begun_);
    ++begun_;
    wait_somehow<Types>(*event_.operator->(), mine);
  }

  // This thread has not yet said that it waits, so nobody sets the event.
  void wait_in_vain(hand& mine) {
    if (mine.draw.one_in(2)) {
      mine.require(!event_->wait_for(mine.patience()), "a clear event ends no wait");
    } else {
      mine.require(!event_->wait_for(mine.stop_token(), mine.patience()), "a clear event ends no wait");
    }
    mine.require(!event_->is_set(), "a clear event is not set");
  }

  round& round_;
  const int waiters_, count_;
  const bool at_once_;
  int number_ = 0;  // not atomic: the event orders it
  std::atomic<int> begun_{0}, returned_{0}, cleared_{0};
  mortal<park::basic_event<typename Types::lot>> event_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    if constexpr (Types::extended)
      list.push_back({"event.pulses", family, [](round& whole) { pulses<Types>(whole).play(); }});
  });
  return list;
}());

}  // namespace
}  // namespace soak
