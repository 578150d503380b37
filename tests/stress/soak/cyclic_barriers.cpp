#include <atomic>
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <vector>

#include "families.hpp"
#include "park/cyclic_barrier.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace soak {
namespace {

// What a generation's action is told to do; none for a barrier that has no such step.
struct announcer {
  void* whom = nullptr;
  void (*step)(void*) = nullptr;

  void operator()() { step(whom); }
};

template <class Types, class Action>
using barrier_of = park::basic_cyclic_barrier<Action, typename Types::lot>;

// All threads meet in generation after generation, which nobody breaks: each is told another index. The last of them to leave has the
// barrier vanish.
template <class Types, class Action>
class generations {
  static constexpr bool acts = std::is_same_v<Action, announcer>;

 public:
  explicit generations(round& whole)
      : round_(whole),
        count_(whole.repetitions(150)),
        progress_(static_cast<std::size_t>(whole.threads), 0),
        taken_(static_cast<std::size_t>(whole.threads)),
        barrier_(whole.threads, action()) {}

  void play() {
    round_.run(round_.threads, [this](hand& mine) { take_part(mine); });
    if (acts) round_.require(acted_ == count_, "the action ran once in each generation");
  }

 private:
  Action action() {
    if constexpr (acts) {
      return {this, [](void* self) { static_cast<generations*>(self)->act(); }};
    } else {
      return {};
    }
  }

  void act() {
    ++acted_;
    for (const int each : progress_) round_.require(each == acted_, "all have come when the action runs");
  }

  void take_part(hand& mine) {
    for (int generation = 1; generation <= count_; ++generation) {
      if (acts) progress_[static_cast<std::size_t>(mine.index)] = generation;
      const std::ptrdiff_t index = wait(mine);
      mine.require(index >= 0 && index < round_.threads, "an index is one of those of the parties");
      mine.require(taken_[static_cast<std::size_t>(index)].exchange(generation) == generation - 1,
                   "no two parties have the same index");
      if (acts) mine.require(acted_ == generation, "a generation ends after its action");
      if (generation < count_) {
        mine.pause();
      } else if (++left_ == round_.threads) {
        barrier_.vanish();
      }
    }
  }

  // In some way that breaks nothing.
  std::ptrdiff_t wait(hand& mine) {
    using std::chrono::hours;
    switch (mine.draw.below(6)) {
      case 0:
        return barrier_->wait_for(hours(1));
      case 1:
        return barrier_->wait_until(system_clock::now() + hours(1));
      case 2:
        return barrier_->wait(never_.get_token());
      case 3:
        return barrier_->wait_for(never_.get_token(), hours(1));
      default:
        return barrier_->wait();
    }
  }

  round& round_;
  const int count_;
  std::vector<int> progress_;  // not atomic, nor is the next: the barrier orders every access
  int acted_ = 0;
  std::vector<std::atomic<int>> taken_;
  std::stop_source never_;
  std::atomic<int> left_{0};
  mortal<barrier_of<Types, Action>> barrier_;
};

// The same among timeouts, stops, aborts, resets and an action that throws now and then: a generation is complete for all of its parties
// or broken for all. In the end the barrier is as good as new.
template <class Types>
class breaks {
  struct failure {};

 public:
  explicit breaks(round& whole)
      : round_(whole),
        repetitions_(whole.repetitions(200)),
        rarely_broken_(whole.draw.one_in(2)),
        returned_(static_cast<std::size_t>(whole.threads)),
        barrier_(whole.threads, announcer{this, [](void* self) { static_cast<breaks*>(self)->act(); }}) {}

  void play() {
    round_.run(round_.threads, [this](hand& mine) { take_part(mine); });
    for (const auto& each : returned_)
      round_.require(each == returned_[0], "a generation is complete for all of its parties, or for none");
    round_.require(returned_[0] <= acted_, "a generation is complete after its action");
    round_.require(thrown_ == caught_, "what the action throws comes to who has run it");
    barrier_->reset();
    round_.require(!barrier_->broken() && barrier_->n_waiting() == 0, "a reset makes the barrier whole");
    const int before = returned_[0];
    round_.run(round_.threads, [this](hand&) { wait_without_limit(); });
    round_.require(returned_[0] == before + 1, "all meet at a barrier that is whole again");
  }

 private:
  void act() {
    round_.require(!acting_.exchange(true), "no two actions run at once");
    if (own_dice->one_in(4)) pause(*own_dice);
    const bool fails = throws_ && own_dice->one_in(8);
    acting_ = false;
    if (fails) {
      ++thrown_;
      throw failure();
    }
    ++acted_;
  }

  void take_part(hand& mine) {
    for (int repetition = 0; repetition < repetitions_; ++repetition) {
      attempt(mine);
      if (mine.draw.one_in(rarely_broken_ ? 16 : 3)) barrier_->reset();
      if (rarely_broken_ && barrier_->broken() && mine.draw.one_in(2)) barrier_->reset();
      if (mine.draw.one_in(rarely_broken_ ? 64 : 8)) barrier_->abort();
      mine.pause();
    }
    // Nobody shall wait for a party that does not come again.
    ++finished_;
    support::eventually([&] { return barrier_->abort(), finished_ == round_.threads; });
    throws_ = false;
  }

  void attempt(hand& mine) {
    try {
      const std::ptrdiff_t index = wait(mine);
      mine.require(index >= 0 && index < round_.threads, "an index is one of those of the parties");
      ++returned_[static_cast<std::size_t>(index)];
    } catch (const park::broken_barrier_error&) {
    } catch (const failure&) {
      ++caught_;
    }
  }

  std::ptrdiff_t wait(hand& mine) {
    switch (mine.draw.below(rarely_broken_ ? 24 : 6)) {
      case 0:
        return barrier_->wait_for(mine.patience());
      case 1:
        return barrier_->wait_until(system_clock::now() + mine.patience());
      case 2:
        return barrier_->wait(mine.stop_token());
      case 3:
        return barrier_->wait_for(mine.stop_token(), mine.patience());
      default:
        return barrier_->wait();
    }
  }

  void wait_without_limit() { ++returned_[static_cast<std::size_t>(barrier_->wait())]; }

  round& round_;
  const int repetitions_;
  const bool rarely_broken_;
  std::atomic<bool> throws_{true}, acting_{false};
  int acted_ = 0, thrown_ = 0;  // not atomic: no two actions overlap
  std::atomic<int> caught_{0}, finished_{0};
  std::vector<std::atomic<int>> returned_;
  mortal<barrier_of<Types, announcer>> barrier_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    if constexpr (Types::extended) {
      list.push_back({"cyclic_barrier.generations", family,
                      [](round& whole) { generations<Types, park::detail::no_completion>(whole).play(); }});
      list.push_back(
          {"cyclic_barrier.actions", family, [](round& whole) { generations<Types, announcer>(whole).play(); }});
      list.push_back({"cyclic_barrier.breaks", family, [](round& whole) { breaks<Types>(whole).play(); }});
    }
  });
  return list;
}());

}  // namespace
}  // namespace soak
