#include <atomic>
#include <cstddef>
#include <vector>

#include "families.hpp"
#include "round.hpp"
#include "waits.hpp"

namespace soak {
namespace {

// What a phase's completion step is told to do; none for a barrier that has no such step.
struct announcer {
  void* whom = nullptr;
  void (*step)(void*) = nullptr;

  void operator()() noexcept { step(whom); }
};

// All threads meet in phase after phase. Each writes in every other phase what all then read. One of them may count for many; others
// drop out on the way. In the last phase some only arrive, and the last of those that wait has the barrier vanish.
template <class Types, class Completion>
class phases {
  static constexpr bool completes = std::is_same_v<Completion, announcer>;
  using barrier = typename Types::template barrier<Completion>;
  enum class last { waits, arrives, drops };

 public:
  explicit phases(round& whole)
      : round_(whole),
        count_(2 * whole.repetitions(150)),
        weight_(whole.draw.one_in(2) ? whole.draw.between(2, 5) : 1),
        progress_(static_cast<std::size_t>(whole.threads), 0),
        barrier_(whole.threads - 1 + weight_, completion()) {
    for (int thread = 0; thread < whole.threads; ++thread) {
      leaves_at_.push_back(thread > 0 && whole.draw.one_in(3) ? whole.draw.between(1, count_ - 1) : count_);
      const bool drops = thread > 0 && whole.draw.one_in(4);
      at_last_.push_back(drops ? last::drops : whole.draw.one_in(4) ? last::arrives : last::waits);
      if (leaves_at_.back() == count_ && at_last_.back() == last::waits) ++waiting_;
    }
  }

  void play() {
    round_.run(round_.threads, [this](hand& mine) { take_part(mine); });
    if (completes) round_.require(completed_ == count_, "the completion step ran once in each phase");
  }

 private:
  Completion completion() {
    if constexpr (completes) {
      return {this, [](void* self) { static_cast<phases*>(self)->complete(); }};
    } else {
      return {};
    }
  }

  void complete() {
    ++completed_;
    for (std::size_t thread = 0; thread < progress_.size(); ++thread) {
      if (leaves_at_[thread] >= completed_)
        round_.require(progress_[thread] == completed_, "all have come when the completion step runs");
    }
  }

  void take_part(hand& mine) {
    const auto self = static_cast<std::size_t>(mine.index);
    for (int phase = 1; phase <= count_; ++phase) {
      if (completes || phase % 2 == 1) progress_[self] = phase;
      if (phase == count_) return end(mine);
      if (phase == leaves_at_[self]) return barrier_->arrive_and_drop();
      meet(mine);
      look(mine, phase);
      mine.pause();
    }
  }

  int weight(const hand& mine) const { return mine.index == 0 ? weight_ : 1; }

  void meet(hand& mine) {
    if (weight(mine) == 1 && mine.draw.one_in(2)) return barrier_->arrive_and_wait();
    auto token = barrier_->arrive(weight(mine));
    if (mine.draw.one_in(4)) pause(mine.draw);
    wait_somehow<Types>(*barrier_.operator->(), std::move(token), mine);
  }

  void look(hand& mine, int phase) const {
    if (completes) mine.require(completed_ == phase, "a phase ends after its completion step");
    for (std::size_t other = 0; other < progress_.size() && !completes && phase % 2 == 1; ++other) {
      if (leaves_at_[other] >= phase) mine.require(progress_[other] == phase, "a phase ends when all have come");
    }
  }

  void end(hand& mine) {
    switch (at_last_[static_cast<std::size_t>(mine.index)]) {
      case last::drops:
        return barrier_->arrive_and_drop();
      case last::arrives:
        return static_cast<void>(barrier_->arrive(weight(mine)));
      default:
        meet(mine);
        if (completes) mine.require(completed_ == count_, "the last phase ends after its completion step");
        if (--waiting_ == 0) barrier_.vanish();
    }
  }

  round& round_;
  const int count_, weight_;
  std::vector<int> leaves_at_;
  std::vector<last> at_last_;
  std::vector<int> progress_;  // not atomic, nor is the next: the barrier orders every access
  int completed_ = 0;
  std::atomic<int> waiting_{0};
  mortal<barrier> barrier_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    list.push_back(
        {"barrier.phases", family, [](round& whole) { phases<Types, park::detail::no_completion>(whole).play(); }});
    list.push_back({"barrier.completions", family, [](round& whole) { phases<Types, announcer>(whole).play(); }});
  });
  return list;
}());

}  // namespace
}  // namespace soak
