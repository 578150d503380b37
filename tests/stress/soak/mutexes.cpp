#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>

#include "families.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "round.hpp"
#include "waits.hpp"

namespace soak {
namespace {

template <class Types>
struct mutexes {
  using plain = park::basic_mutex<typename Types::lot>;
  using recursive = park::basic_recursive_mutex<typename Types::lot>;
};
template <>
struct mutexes<of_std> {
  using plain = std::timed_mutex;
  using recursive = std::recursive_timed_mutex;
};

// Every way to lock, drawn. False: not locked.
template <class Types, class Mutex>
bool lock_somehow(Mutex& mutex, hand& mine) {
  switch (mine.draw.below(Types::extended ? 9 : 6)) {
    case 0:
    case 1:
      return mutex.lock(), true;
    case 2:
      return mutex.try_lock();
    case 3:
      return mutex.try_lock_for(mine.patience());
    case 4:
      return mutex.try_lock_until(steady_clock::now() + mine.patience());
    case 5:
      return mutex.try_lock_until(system_clock::now() + mine.patience());
    default:
      break;
  }
  if constexpr (Types::extended) {
    switch (mine.draw.below(3)) {
      case 0:
        return mutex.lock(mine.stop_token());
      case 1:
        return mutex.try_lock_for(mine.stop_token(), mine.patience());
      default:
        return mutex.try_lock_until(mine.stop_token(), steady_clock::now() + mine.patience());
    }
  }
  return false;
}

// Two mutexes guard a balance each. All threads move something from one to the other, holding both, or look at one. The last thread to
// lock a mutex for the last time has it vanish, while the unlock() before that may still run.
template <class Types, class Mutex>
class accounts {
  static constexpr bool recursive = std::is_same_v<Mutex, typename mutexes<Types>::recursive>;

 public:
  explicit accounts(round& whole) : round_(whole), repetitions_(whole.repetitions(400)) {
    for (account& each : accounts_) each.users = whole.threads;
  }

  void play() {
    round_.run(round_.threads, [this](hand& mine) { use(mine); });
    round_.require(accounts_[0].visits + accounts_[1].visits == visits_, "each visit is one of one thread");
  }

 private:
  struct account {
    long balance = 0, visits = 0;  // not atomic, nor is the next: the mutex guards them
    int users = 0;
    std::atomic<bool> occupied{false};
    mortal<Mutex> mutex;
  };

  void use(hand& mine) {
    for (int repetition = 0; repetition < repetitions_; ++repetition) {
      if (mine.draw.one_in(3)) {
        move(mine);
      } else {
        look(accounts_[mine.draw.below(2)], mine);
      }
      mine.pause();
    }
    for (account& each : accounts_) leave(each);
  }

  void look(account& one, hand& mine) {
    if constexpr (recursive && Types::extended) {
      if (mine.draw.one_in(8)) expect_not_owner(*one.mutex.operator->(), mine);
    }
    if (!lock_somehow<Types>(*one.mutex.operator->(), mine)) return;
    enter(one, mine);
    if constexpr (recursive) enter_again(one, mine);
    if (mine.draw.one_in(2)) pause(mine.draw);
    exit(one);
    one.mutex->unlock();
  }

  void move(hand& mine) {
    account &from = accounts_[mine.draw.below(2)], &to = &from == accounts_ ? accounts_[1] : accounts_[0];
    const std::scoped_lock hold(*from.mutex.operator->(), *to.mutex.operator->());
    enter(from, mine), enter(to, mine);
    mine.require(from.balance + to.balance == 0, "what one account has lost the other one has");
    --from.balance;
    if (mine.draw.one_in(4)) pause(mine.draw);
    ++to.balance;
    exit(from), exit(to);
  }

  // The same thread again: it is let in, whatever it asks by.
  void enter_again(account& one, hand& mine) {
    const int depth = mine.draw.between(0, 2);
    for (int level = 0; level < depth; ++level)
      mine.require(lock_somehow<Types>(*one.mutex.operator->(), mine), "the owner is let in");
    for (int level = 0; level < depth; ++level) one.mutex->unlock();
  }

  static void expect_not_owner([[maybe_unused]] Mutex& mutex, [[maybe_unused]] hand& mine) {
    if constexpr (Types::extended) {
      try {
        mutex.unlock();
        mine.require(false, "only the owner may unlock");
      } catch (const park::not_owner_error&) {
      }
    }
  }

  void enter(account& one, hand& mine) {
    mine.require(!one.occupied.exchange(true), "one thread holds the mutex");
    ++one.visits, ++visits_;
  }
  static void exit(account& one) { one.occupied = false; }

  static void leave(account& one) {
    one.mutex->lock();
    const bool last = --one.users == 0;
    one.mutex->unlock();
    if (last) one.mutex.vanish();
  }

  round& round_;
  const int repetitions_;
  account accounts_[2];
  std::atomic<long> visits_{0};
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    using all_of = mutexes<Types>;
    list.push_back(
        {"mutex.accounts", family, [](round& whole) { accounts<Types, typename all_of::plain>(whole).play(); }});
    list.push_back({"recursive_mutex.accounts", family,
                    [](round& whole) { accounts<Types, typename all_of::recursive>(whole).play(); }});
  });
  return list;
}());

}  // namespace
}  // namespace soak
