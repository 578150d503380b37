#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <type_traits>
#include <vector>

#include "families.hpp"
#include "park/bounded_semaphore.hpp"
#include "park/condition_variable.hpp"
#include "park/countdown_latch.hpp"
#include "park/event.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace soak {
namespace {

// What answers can be waited for by where there is more than std's types.
template <class Types>
struct more_of {
  using lot = typename Types::lot;

  more_of() { bounded_semaphore.acquire(); }

  park::basic_event<lot> event;
  park::basic_countdown_latch<lot> countdown_latch;
  park::basic_bounded_semaphore<lot> bounded_semaphore;
  park::basic_mutex<lot> mutex;
  park::basic_condition_variable<lot> condition;
  bool is_there = false;  // guarded by mutex
};
struct no_more {};

// Clients ask, servers answer; what the client waits by vanishes with the answer, as soon as the wait has returned.
template <class Types>
class service {
 public:
  explicit service(round& whole)
      : round_(whole),
        clients_(whole.draw.between(1, whole.threads)),
        servers_(whole.draw.between(1, whole.threads)),
        requests_(whole.repetitions(250)),
        left_(clients_ * requests_),
        slots_(static_cast<std::size_t>(clients_)),
        asked_(0) {}

  void play() {
    round_.run(clients_ + servers_, [this](hand& mine) { mine.index < clients_ ? ask(mine) : serve(mine); });
    asked_.vanish();
  }

 private:
  enum class kind { latch, semaphore, wide_semaphore, barrier, event, countdown_latch, bounded_semaphore, condition };
  static constexpr unsigned kinds = Types::extended ? 8 : 4;
  using barrier = typename Types::template barrier<park::detail::no_completion>;

  struct answer {
    kind how{};
    int question = 0, value = 0;
    typename Types::latch latch{1};
    typename Types::template semaphore<narrow> semaphore{0};
    typename Types::template semaphore<wide> wide_semaphore{0};
    barrier both{2};
    std::conditional_t<Types::extended, more_of<Types>, no_more> more{};
  };

  void ask(hand& mine) {
    for (int request = 0; request < requests_; ++request) {
      mortal<answer> own;
      own->how = static_cast<kind>(mine.draw.below(kinds));
      own->question = request;
      slots_[static_cast<std::size_t>(mine.index)] = own.operator->();
      asked_->release();
      wait(*own.operator->(), mine);
      mine.require(own->value == request + 1, "the answer is there when the wait returns");
      own.vanish();
      mine.pause();
    }
  }

  void wait(answer& own, hand& mine) {
    switch (own.how) {
      case kind::latch:
        return wait_somehow<Types>(own.latch, mine);
      case kind::semaphore:
        return take_all<Types>(own.semaphore, mine, 1);
      case kind::wide_semaphore:
        return take_all<Types>(own.wide_semaphore, mine, 1);
      case kind::barrier:
        return wait_somehow<Types>(own.both, own.both.arrive(), mine);
      default:
        break;
    }
    if constexpr (Types::extended) {
      switch (own.how) {
        case kind::event:
          return wait_somehow<Types>(own.more.event, mine);
        case kind::countdown_latch:
          return wait_somehow<Types>(own.more.countdown_latch, mine);
        case kind::bounded_semaphore:
          return take_all<Types>(own.more.bounded_semaphore, mine, 1);
        default:
          std::unique_lock lock(own.more.mutex);
          while (!own.more.is_there) {
            if (mine.draw.one_in(2)) {
              own.more.condition.wait(lock);
            } else {
              static_cast<void>(own.more.condition.wait_for(lock, mine.patience()));
            }
          }
      }
    }
  }

  void serve(hand& mine) {
    while (left_.fetch_sub(1) > 0) {
      take_all<Types>(*asked_.operator->(), mine, 1);
      answer* found = nullptr;
      for (std::size_t slot = mine.draw.below(static_cast<unsigned>(clients_)); found == nullptr; ++slot)
        found = slots_[slot % slots_.size()].exchange(nullptr);
      found->value = found->question + 1;
      reply(*found);
      mine.pause();
    }
  }

  static void reply(answer& to) {
    switch (to.how) {
      case kind::latch:
        return to.latch.count_down();
      case kind::semaphore:
        return to.semaphore.release();
      case kind::wide_semaphore:
        return to.wide_semaphore.release();
      case kind::barrier:
        return static_cast<void>(to.both.arrive());
      default:
        break;
    }
    if constexpr (Types::extended) {
      switch (to.how) {
        case kind::event:
          return to.more.event.set();
        case kind::countdown_latch:
          return to.more.countdown_latch.count_down();
        case kind::bounded_semaphore:
          return to.more.bounded_semaphore.release();
        default:
          const std::lock_guard lock(to.more.mutex);
          to.more.is_there = true;
          to.more.condition.notify_one();
      }
    }
  }

  round& round_;
  const int clients_, servers_, requests_;
  std::atomic<int> left_;
  std::vector<std::atomic<answer*>> slots_;
  mortal<typename Types::template semaphore<narrow>> asked_;
};

// A bounded buffer of two semaphores, filled and emptied by pairs of threads that meet at a barrier after each load: then nobody is at
// it, and its balance must be exact. A latch starts them all.
template <class Types>
class pipeline {
 public:
  explicit pipeline(round& whole)
      : round_(whole),
        pairs_(std::max(1, whole.threads / 2)),
        capacity_(whole.draw.between(1, 6)),
        loads_(whole.repetitions(30)),
        load_(whole.draw.between(1, 24)),
        started_(2 * pairs_),
        items_(0),
        places_(capacity_),
        unloaded_(2 * pairs_, balance{this}) {}

  void play() {
    round_.run(2 * pairs_, [this](hand& mine) {
      mine.index % 2 == 0 ? move(places_, items_, 1, mine) : move(items_, places_, -1, mine);
    });
    round_.require(balanced_ == loads_, "the barrier's completion step ran once for each load");
  }

 private:
  struct balance {
    pipeline* whole;

    void operator()() noexcept { whole->check_balance(); }
  };

  template <class From, class To>
  void move(From& from, To& to, int change, hand& mine) {
    started_.arrive_and_wait();
    for (int load = 0; load < loads_; ++load) {
      for (int each = 0; each < load_; ++each) {
        take_all<Types>(from, mine, 1);
        const int held = held_ += change;
        mine.require(held >= 0 && held <= capacity_, "the buffer holds no more than it can");
        to.release();
        mine.pause();
      }
      wait_somehow<Types>(unloaded_, unloaded_.arrive(), mine);
    }
  }

  void check_balance() {
    ++balanced_;
    for (int place = 0; place < capacity_; ++place) round_.require(places_.try_acquire(), "no place is lost");
    round_.require(!places_.try_acquire() && !items_.try_acquire() && held_ == 0, "nothing is made up");
    places_.release(capacity_);
  }

  round& round_;
  const int pairs_, capacity_, loads_, load_;
  std::atomic<int> held_{0};
  int balanced_ = 0;  // not atomic: the barrier orders it
  typename Types::latch started_;
  typename Types::template semaphore<narrow> items_;
  typename Types::template semaphore<wide> places_;
  typename Types::template barrier<balance> unloaded_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    list.push_back({"mix.service", family, [](round& whole) { service<Types>(whole).play(); }});
    list.push_back({"mix.pipeline", family, [](round& whole) { pipeline<Types>(whole).play(); }});
  });
  return list;
}());

}  // namespace
}  // namespace soak
