#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "families.hpp"
#include "futex_calls.hpp"
#include "round.hpp"
#include "waits.hpp"

namespace soak {
namespace {

constexpr int most_at_once = 4;

// Gives back what was taken, whole or in pieces.
template <class Semaphore>
void give_back(Semaphore& permits, hand& mine, int taken) {
  while (taken > 0) {
    const int piece = mine.draw.between(1, taken);
    permits.release(piece);
    taken -= piece;
  }
}

// All threads take and give back, and never hold more than there is. The last thread waits for the others' farewell, after which
// both semaphores vanish, while the last release may still run.
template <class Types, std::ptrdiff_t Max>
class sharing {
 public:
  explicit sharing(round& whole)
      : round_(whole),
        permits_(whole.draw.one_in(3) ? 1 : whole.draw.between(1, whole.threads + 2)),
        repetitions_(whole.repetitions(600)),
        shared_(permits_),
        farewell_(0) {}

  void play() {
    round_.run(round_.threads + 1, [this](hand& mine) { mine.index < round_.threads ? use(mine) : close(mine); });
  }

 private:
  void use(hand& mine) {
    for (int repetition = 0; repetition < repetitions_; ++repetition) {
      const int taken = take_somehow<Types>(*shared_.operator->(), mine, std::min(permits_, most_at_once));
      if (taken > 0) visit(mine, taken);
      mine.pause();
    }
    farewell_->release();
  }

  void visit(hand& mine, int taken) {
    mine.require((held_ += taken) <= permits_, "no more is held than there is");
    if (permits_ == 1) ++visits_guarded_, ++visits_;
    if (mine.draw.one_in(2)) pause(mine.draw);
    held_ -= taken;
    give_back(*shared_.operator->(), mine, taken);
  }

  void close(hand& mine) {
    take_all<Types>(*farewell_.operator->(), mine, round_.threads);
    farewell_.vanish();
    for (int permit = 0; permit < permits_; ++permit) mine.require(shared_->try_acquire(), "no permit is lost");
    mine.require(!shared_->try_acquire(), "no permit is made up");
    mine.require(visits_guarded_ == visits_, "one permit lets one thread in");
    shared_.vanish();
  }

  round& round_;
  const int permits_, repetitions_;
  mortal<typename Types::template semaphore<Max>> shared_, farewell_;
  std::atomic<int> held_{0};
  std::atomic<long> visits_{0};
  long visits_guarded_ = 0;  // not atomic: a single permit guards it
};

// Some threads release, the others take what comes until they are stopped, all by one token; nothing is lost or made up.
template <class Types, std::ptrdiff_t Max>
class flow {
 public:
  explicit flow(round& whole)
      : round_(whole),
        producers_(whole.draw.between(1, std::max(1, whole.threads - 1))),
        repetitions_(whole.repetitions(600)),
        producing_(producers_),
        stock_(0) {}

  void play() {
    round_.run(producers_ + std::max(1, round_.threads - producers_),
               [this](hand& mine) { mine.index < producers_ ? produce(mine) : consume(mine); });
    const std::ptrdiff_t left = produced_ - consumed_;
    round_.require(stock_->available() == left, "what was produced was consumed or is there");
    const std::uint64_t calls = futex_calls();
    stock_->release();
    round_.require(Max > narrow || futex_calls() == calls, "nobody who waited has left a trace");
    round_.require(stock_->try_acquire(left + 1), "what is there can be taken");
    stock_.vanish();
  }

 private:
  void produce(hand& mine) {
    for (int repetition = 0; repetition < repetitions_; ++repetition) {
      const int amount = mine.draw.between(1, most_at_once);
      stock_->release(amount);
      produced_ += amount;
      mine.pause();
    }
    if (--producing_ == 0) over_.request_stop();
  }

  void consume(hand& mine) {
    const std::stop_token over = over_.get_token();
    while (!over.stop_requested()) {
      const int wanted = mine.draw.between(1, most_at_once);
      bool taken = false;
      switch (mine.draw.below(4)) {
        case 0:
          taken = stock_->try_acquire_for(wanted, over, mine.patience());
          break;
        case 1:
          taken = stock_->try_acquire_for(wanted, mine.patience());
          break;
        default:
          taken = stock_->acquire(wanted, over);
      }
      if (taken) consumed_ += wanted;
      mine.pause();
    }
  }

  round& round_;
  const int producers_, repetitions_;
  std::atomic<int> producing_;
  mortal<typename Types::template semaphore<Max>> stock_;
  std::stop_source over_;
  std::atomic<std::ptrdiff_t> produced_{0}, consumed_{0};
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    list.push_back({"semaphore.sharing", family, [](round& whole) { sharing<Types, narrow>(whole).play(); }});
    list.push_back({"semaphore.sharing_wide", family, [](round& whole) { sharing<Types, wide>(whole).play(); }});
    if constexpr (Types::extended) {
      list.push_back({"semaphore.flow", family, [](round& whole) { flow<Types, narrow>(whole).play(); }});
      list.push_back({"semaphore.flow_wide", family, [](round& whole) { flow<Types, wide>(whole).play(); }});
    }
  });
  return list;
}());

}  // namespace
}  // namespace soak
