#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "families.hpp"
#include "futex_calls.hpp"
#include "park/bounded_semaphore.hpp"
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
template <class Types, class Semaphore>
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
  mortal<Semaphore> shared_;
  mortal<typename Types::template semaphore<narrow>> farewell_;
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

// All threads take and release as it comes, by mistake too: what is refused changes nothing, and what is not is conserved.
template <class Types>
class bound {
 public:
  explicit bound(round& whole)
      : round_(whole),
        bound_(whole.draw.between(0, whole.threads + 2)),
        repetitions_(whole.repetitions(600)),
        shared_(bound_) {}

  void play() {
    round_.run(round_.threads, [this](hand& mine) { use(mine); });
    const std::ptrdiff_t left = bound_ + released_ - acquired_;
    round_.require(shared_->available() == left, "what was released and not acquired is there");
    round_.require(left == bound_ || release(static_cast<int>(bound_ - left)), "as much as is missing can be released");
    round_.require(!release(1) && shared_->available() == bound_, "no more than that can");
    shared_.vanish();
  }

 private:
  void use(hand& mine) {
    for (int repetition = 0; repetition < repetitions_; ++repetition) {
      const int many = mine.draw.between(1, std::clamp(bound_, 1, most_at_once));
      switch (mine.draw.below(8)) {
        case 0:
          mine.require(!release(bound_ + mine.draw.between(1, 2)), "more than the bound is refused");
          break;
        case 1:
        case 2:
        case 3:
          if (release(many)) released_ += many;
          break;
        case 4:
          if (shared_->try_acquire(many)) acquired_ += many;
          break;
        case 5:
          if (shared_->try_acquire_for(many, mine.stop_token(), mine.patience())) acquired_ += many;
          break;
        default:
          if (shared_->try_acquire_for(many, mine.patience())) acquired_ += many;
      }
      mine.require(shared_->available() <= bound_, "the count never passes the bound");
      mine.pause();
    }
  }

  bool release(int many) {
    try {
      return shared_->release(many), true;
    } catch (const park::over_release_error&) {
      return false;
    }
  }

  round& round_;
  const int bound_, repetitions_;
  mortal<park::basic_bounded_semaphore<typename Types::lot>> shared_;
  std::atomic<std::ptrdiff_t> released_{0}, acquired_{0};
};

template <class Types, class Semaphore>
void share(round& whole) {
  sharing<Types, Semaphore>(whole).play();
}

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    list.push_back({"semaphore.sharing", family, share<Types, typename Types::template semaphore<narrow>>});
    list.push_back({"semaphore.sharing_wide", family, share<Types, typename Types::template semaphore<wide>>});
    if constexpr (Types::extended) {
      using bounded = park::basic_bounded_semaphore<typename Types::lot>;
      list.push_back({"bounded_semaphore.sharing", family, share<Types, bounded>});
      list.push_back({"bounded_semaphore.bound", family, [](round& whole) { bound<Types>(whole).play(); }});
      list.push_back({"semaphore.flow", family, [](round& whole) { flow<Types, narrow>(whole).play(); }});
      list.push_back({"semaphore.flow_wide", family, [](round& whole) { flow<Types, wide>(whole).play(); }});
    }
  });
  return list;
}());

}  // namespace
}  // namespace soak
