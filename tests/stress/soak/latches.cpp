#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "families.hpp"
#include "round.hpp"
#include "waits.hpp"

namespace soak {
namespace {

// All threads meet at one latch after another. Some only count down; of those that wait, the last to return has the latch vanish, while
// others may still be in count_down().
template <class Types>
class meeting {
 public:
  explicit meeting(round& whole) : round_(whole) {
    const int latches = whole.repetitions(80);
    for (int latch = 0; latch < latches; ++latch) gates_.push_back(std::make_unique<gate>(whole));
  }

  void play() {
    round_.run(round_.threads, [this](hand& mine) {
      for (const auto& each : gates_) pass(*each, mine), mine.pause();
    });
  }

 private:
  enum class role { counts, waits, does_both };

  struct gate {
    explicit gate(round& whole) : work(static_cast<std::size_t>(whole.threads), 0) {
      int expected = 0;
      for (int thread = 0; thread < whole.threads; ++thread) {
        roles.push_back(static_cast<role>(whole.draw.below(3)));
        counts.push_back(roles.back() == role::waits ? 0 : whole.draw.between(1, 3));
        expected += counts.back();
        if (roles.back() != role::counts) ++waiting;
      }
      latch = std::make_unique<mortal<typename Types::latch>>(expected);
    }

    std::vector<role> roles;
    std::vector<int> counts;
    std::vector<int> work;  // not atomic: the latch orders it
    std::atomic<int> waiting{0};
    std::unique_ptr<mortal<typename Types::latch>> latch;
  };

  void pass(gate& each, hand& mine) {
    const auto self = static_cast<std::size_t>(mine.index);
    auto& latch = *each.latch;
    int left = each.counts[self];
    each.work[self] = left;
    if (each.roles[self] == role::does_both && mine.draw.one_in(2)) {
      latch->arrive_and_wait(left);
    } else {
      if (left > 1 && mine.draw.one_in(2)) latch->count_down(), --left;
      if (left > 0) latch->count_down(left);
      if (each.roles[self] == role::counts) return;
      wait_somehow<Types>(*latch.operator->(), mine);
    }
    for (std::size_t other = 0; other < each.work.size(); ++other) {
      if (each.roles[other] != role::waits)
        mine.require(each.work[other] == each.counts[other], "a latch is open: all counted down");
    }
    if (--each.waiting == 0) latch.vanish();
  }

  round& round_;
  std::vector<std::unique_ptr<gate>> gates_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    list.push_back({"latch.meeting", family, [](round& whole) { meeting<Types>(whole).play(); }});
  });
  return list;
}());

}  // namespace
}  // namespace soak
