#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "families.hpp"
#include "park/condition_variable.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace soak {
namespace {

template <class Types>
struct conditions {
  using type = park::basic_condition_variable<typename Types::lot>;
  using plain = park::basic_mutex<typename Types::lot>;
  using recursive = park::basic_recursive_mutex<typename Types::lot>;
};
template <>
struct conditions<of_std> {
  using type = std::condition_variable_any;
  using plain = std::mutex;
  using recursive = std::recursive_mutex;
};

// A buffer under a mutex. Each item, and each free place, is announced to one who waits; nothing else ends the waits of a patient round,
// so that a notification that is lost, or goes to somebody who does not look, leaves a thread asleep.
template <class Types, class Mutex>
class buffer {
  using condition = typename conditions<Types>::type;
  using lock_type = std::unique_lock<Mutex>;
  static constexpr bool recursive = std::is_same_v<Mutex, typename conditions<Types>::recursive>;

 public:
  explicit buffer(round& whole)
      : round_(whole),
        producers_(whole.draw.between(1, std::max(1, whole.threads - 1))),
        consumers_(std::max(1, whole.threads - producers_)),
        capacity_(whole.draw.between(1, 6)),
        each_(whole.repetitions(300)),
        patient_(whole.draw.one_in(2)) {}

  void play() {
    round_.run(producers_ + consumers_,
               [this](hand& mine) { mine.index < producers_ ? produce(mine) : consume(mine); });
    round_.require(made_ == producers_ * each_ && taken_ == made_ && held_ == 0, "what was made was taken");
    round_.require(!Types::extended || ended_ <= notified_, "no wait ends for no reason");
  }

 private:
  void produce(hand& mine) {
    for (int item = 0; item < each_; ++item) {
      lock_type lock(mutex_);
      wait_until(not_full_, lock, mine, [this] { return held_ < capacity_; });
      ++made_;
      change(+1, mine);
      if (made_ == producers_ * each_) {
        notified_ += consumers_;
        not_empty_.notify_all();
      } else {
        announce(not_empty_, lock, mine);
      }
      if (lock.owns_lock()) lock.unlock();
      mine.pause();
    }
  }

  void consume(hand& mine) {
    for (;;) {
      lock_type lock(mutex_);
      wait_until(not_empty_, lock, mine, [this] { return held_ > 0 || made_ == producers_ * each_; });
      if (held_ == 0) return;
      ++taken_;
      change(-1, mine);
      announce(not_full_, lock, mine);
      if (lock.owns_lock()) lock.unlock();
      mine.pause();
    }
  }

  void change(int by, hand& mine) {
    mine.require(!occupied_.exchange(true), "who has waited holds the mutex");
    held_ += by;
    mine.require(held_ >= 0 && held_ <= capacity_, "the buffer holds no more than it can");
    occupied_ = false;
  }

  void announce(condition& changed, lock_type& lock, hand& mine) {
    ++notified_;
    if (mine.draw.one_in(2)) lock.unlock();
    changed.notify_one();
  }

  template <class Ready>
  void wait_until(condition& changed, lock_type& lock, hand& mine, Ready ready) {
    if constexpr (recursive && Types::extended) {
      if (mine.draw.one_in(2)) {  // the condition variable lets go of all levels
        const std::lock_guard again(mutex_);
        return wait_until_ready(changed, lock, mine, ready);
      }
    }
    wait_until_ready(changed, lock, mine, ready);
  }

  template <class Ready>
  void wait_until_ready(condition& changed, lock_type& lock, hand& mine, Ready ready) {
    while (!ready()) {
      if (patient_) {
        changed.wait(lock), ++ended_;
      } else {
        wait_impatiently(changed, lock, mine, ready);
      }
    }
  }

  template <class Ready>
  void wait_impatiently(condition& changed, lock_type& lock, hand& mine, Ready ready) {
    switch (mine.draw.below(7)) {
      case 0:
        changed.wait(lock), ++ended_;
        break;
      case 1:
        ended_ += changed.wait_for(lock, mine.patience()) == std::cv_status::no_timeout;
        break;
      case 2:
        ended_ += changed.wait_until(lock, system_clock::now() + mine.patience()) == std::cv_status::no_timeout;
        break;
      case 3:
        static_cast<void>(changed.wait_for(lock, mine.patience(), ready));
        break;
      case 4:
        static_cast<void>(changed.wait(lock, mine.stop_token(), ready));
        break;
      case 5:
        static_cast<void>(changed.wait_for(lock, mine.stop_token(), mine.patience(), ready));
        break;
      default:
        static_cast<void>(changed.wait_until(lock, mine.stop_token(), steady_clock::now() + mine.patience(), ready));
    }
  }

  round& round_;
  const int producers_, consumers_, capacity_, each_;
  const bool patient_;
  Mutex mutex_;
  condition not_full_, not_empty_;
  int held_ = 0, made_ = 0, taken_ = 0;  // guarded by mutex_
  std::atomic<bool> occupied_{false};
  std::atomic<long> notified_{0}, ended_{0};
};

// Under the mutex it is known who waits: just so many waits end as were notified, the first first.
template <class Types>
class order {
 public:
  explicit order(round& whole)
      : round_(whole),
        notifiers_(whole.draw.between(1, 3)),
        each_(whole.repetitions(200)),
        total_(static_cast<std::uint32_t>(whole.threads * each_)) {}

  void play() {
    round_.run(round_.threads + notifiers_,
               [this](hand& mine) { mine.index < round_.threads ? wait(mine) : notify(mine); });
  }

 private:
  void wait(hand& mine) {
    for (int time = 0; time < each_; ++time) {
      {
        std::unique_lock lock(mutex_);
        const std::uint32_t ticket = entered_++;
        if (mine.draw.one_in(2)) {
          changed_.wait(lock);
        } else {
          changed_.wait(mutex_);
        }
        mine.require(ticket < notified_, "a wait ends when it has been notified, the first first");
        ++ended_;
      }
      mine.pause();
    }
  }

  void notify(hand& mine) {
    for (bool over = false; !over;) {
      {
        const std::lock_guard lock(mutex_);
        const std::uint32_t waiting = entered_ - notified_;
        const auto most = static_cast<std::uint32_t>(mine.draw.between(0, 3));
        switch (mine.draw.below(4)) {
          case 0:
            changed_.notify_one();
            notified_ += std::min(1u, waiting);
            break;
          case 1:
            changed_.notify_all();
            notified_ += waiting;
            break;
          default:
            changed_.notify(most);
            notified_ += std::min(most, waiting);
        }
        over = ended_ == total_;
      }
      mine.pause();
    }
  }

  round& round_;
  const int notifiers_, each_;
  const std::uint32_t total_;
  typename conditions<Types>::plain mutex_;
  typename conditions<Types>::type changed_;
  std::uint32_t entered_ = 0, notified_ = 0, ended_ = 0;  // guarded by mutex_
};

// Time after time all threads but one wait, some of them for a while only; the one says farewell to all, and has the condition variable
// vanish at once, before they have run.
template <class Types>
class farewell {
 public:
  explicit farewell(round& whole) : round_(whole) {
    for (int times = whole.repetitions(40); times > 0; --times) gates_.push_back(std::make_unique<gate>());
  }

  void play() {
    round_.run(round_.threads + 1, [this](hand& mine) {
      for (const auto& each : gates_) {
        mine.index < round_.threads ? wait(*each, mine) : end(*each, mine);
        mine.pause();
      }
    });
  }

 private:
  struct gate {
    typename conditions<Types>::plain mutex;
    bool over = false;  // guarded by mutex
    std::atomic<int> waiting{0};
    mortal<typename conditions<Types>::type> changed;
  };

  void wait(gate& at, hand& mine) {
    std::unique_lock lock(at.mutex);
    ++at.waiting;
    while (!at.over) {
      if (mine.draw.one_in(2)) {
        at.changed->wait(lock);
      } else {
        static_cast<void>(at.changed->wait_for(lock, mine.patience()));
      }
    }
  }

  void end(gate& at, hand& mine) {
    support::eventually([&] { return at.waiting == round_.threads; });
    std::unique_lock lock(at.mutex);
    at.over = true;
    if (mine.draw.one_in(2)) lock.unlock();
    at.changed->notify_all();
    at.changed.vanish();
  }

  round& round_;
  std::vector<std::unique_ptr<gate>> gates_;
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    using all_of = conditions<Types>;
    list.push_back({"condition_variable.buffer", family,
                    [](round& whole) { buffer<Types, typename all_of::plain>(whole).play(); }});
    list.push_back({"condition_variable.buffer_recursive", family,
                    [](round& whole) { buffer<Types, typename all_of::recursive>(whole).play(); }});
    list.push_back({"condition_variable.farewell", family, [](round& whole) { farewell<Types>(whole).play(); }});
    if constexpr (Types::extended) {
      list.push_back(
          {"condition_variable.buffer_foreign", family, [](round& whole) { buffer<Types, std::mutex>(whole).play(); }});
      list.push_back({"condition_variable.order", family, [](round& whole) { order<Types>(whole).play(); }});
    }
  });
  return list;
}());

}  // namespace
}  // namespace soak
