// The threads that wait on a condition variable, in the order in which they came, and how a notification reaches each of them.
#pragma once

#include <atomic>
#include <cstdint>

#include "park/config.hpp"
#include "park/detail/wait.hpp"
#include "park/detail/wake_chains.hpp"
#include "park/lot.hpp"
#include "park/mutex.hpp"

namespace park::detail {

// A waiter is a node on its thread's stack, with a word of its own that it parks on: so a notification is for one waiter and for no
// other, whoever comes later and whatever the priorities are. The nodes are in a list under a lock.
//
// The word of a waiter.
//
//   bit 0  asleep    The waiter may be asleep on its word. Set by the waiter before it parks; stays.
//   bit 1  claimed   A notifier has taken the waiter out of the list and is not done with it. Set under the list's lock.
//   bit 2  watching  The waiter has found itself claimed, and may be asleep until the notifier is done. Set by the waiter.
//   bit 3  leaving   The waiter gives up. Set by the waiter, never together with `claimed`: who comes first has it.
//   bit 4  notified  The notifier is done: the wait is over. The bits before are gone.
//   bit 5  charged   The same, and some may have been put to sleep at the mutex instead, this one or others that it is to wake: it takes
//                    the mutex as one in charge.
//
// Why no notification is lost: a notifier claims a waiter by a read-modify-write that fails where the waiter is leaving, and then
// takes the next; a waiter that has been claimed does not leave, but waits until the notifier is done. It parks only on a value that it
// wrote or read with `asleep`, unclaimed, or with `watching`; the notifier's last access is an exchange that tells which bits were set,
// so that it unparks whoever may be asleep there.
// Why the list may be gone, with its condition variable, once all have been notified: a waiter that has been claimed does not touch
// the list any more, nor does a notifier that has claimed its last. One that leaves does, but it is in the list until then, and the
// destructor waits for it.
// Why a node may be gone once its notifier is done: the exchange is the last access to it.
//
// Sleepers that will lock a park::mutex are moved to sleep there, if it is held or there are more than one, and the lot can do so: each
// then wakes when it may have the mutex, not only to find that it may not. But of more than one the first few are woken at once, and lead:
// each of them takes the mutex as one in charge, and so wakes one of those who were moved, who wakes the next. So there are several chains of
// wakes, and while one thread is on its way to a CPU that was idle, another has the mutex.
// Why none of those sleeps for ever: the notifier is in charge, in the sense of mutex.hpp, from before it moves the first until it passes
// that on, in a step that finds the mutex held and marks it, or finds it free and wakes one; and each of them is in charge when it
// wakes. That one who leads is in charge without a wake from the mutex costs at most a wake of nobody. The mutex is there all the while: the last of their words is written after that step only, and until then its waiter is not
// on its way out. A lot moves a sleeper only if the word is as the notifier left it: who is not asleep, or has come to watch, is not
// moved.
template <parking_lot Lot>
class wait_queue {
  using word_type = std::uint32_t;
  using limit = wait_limit<Lot>;
  static constexpr word_type asleep = 1, claimed = 2, watching = 4, leaving = 8, notified = 16, charged = 32;

 public:
  class waiter {
   public:
    // `mutex`: the park mutex that its thread will lock afterwards, if it may sleep there; or null.
    explicit waiter(basic_mutex<Lot>* mutex) noexcept : mutex_(mutex) {}
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    // True once it has been notified, false at the limit. Then it may be called again, and if not must leave the queue.
    PARK_NO_INLINE bool wait(limit until) noexcept {
      if (!is_behind_ && until.spin(address(), [this] { return is_over(look()); })) return true;
      while (!until.reached()) {
        word_type seen = look();
        if (is_over(seen)) return true;
        if (seen & claimed) return settle(), true;
        // relaxed: publishes nothing but the bit; see "Why no notification is lost"
        if (!(seen & asleep) && !word_.compare_exchange_weak(seen, seen | asleep, std::memory_order_relaxed)) continue;
        if (!until.park(address(), asleep)) break;
      }
      return is_over(look());
    }

    // Of one that has been notified: its thread may have slept at the mutex, or is to wake others there.
    bool is_charged() const noexcept { return look() == charged; }

    typename Lot::address address() const noexcept { return Lot::whole(word_); }

   private:
    friend class wait_queue;

    static constexpr bool is_over(word_type word) noexcept { return (word & (notified | charged)) != 0; }

    word_type look() const noexcept {
      return word_.load(std::memory_order_acquire);  // acquire: pairs with the release in finish()
    }

    // Of the notifier, under the queue's lock. False when the waiter is leaving.
    bool claim() noexcept {
      word_type seen = word_.load(std::memory_order_relaxed);  // relaxed: the exchange looks again
      while (!(seen & leaving)) {
        // relaxed: the links and the mutex are the notifier's through the queue's lock
        if (word_.compare_exchange_weak(seen, seen | claimed, std::memory_order_relaxed)) return true;
      }
      return false;
    }

    // Of the waiter. False when it has been claimed.
    bool give_up() noexcept {
      word_type seen = word_.load(std::memory_order_relaxed);  // relaxed: the exchange looks again
      while (!(seen & claimed) && !is_over(seen)) {
        // relaxed: publishes nothing but the bit; what it has to do with the queue it does under the lock
        if (word_.compare_exchange_weak(seen, seen | leaving, std::memory_order_relaxed)) return true;
      }
      return false;
    }

    // Of a waiter that has been claimed: returns once the notifier is done.
    PARK_NO_INLINE void settle() noexcept {
      const limit never;
      if (never.spin(address(), [this] { return is_over(look()); })) return;
      for (word_type seen = look(); !is_over(seen); seen = look()) {
        // relaxed: publishes nothing but the bit
        if (!(seen & watching) && !word_.compare_exchange_weak(seen, seen | watching, std::memory_order_relaxed))
          continue;
        Lot::park(address(), seen | watching, deadline::never());
      }
    }

    // Of the notifier that has claimed it. Puts the thread to sleep at its mutex instead, if it is asleep. True if it may be.
    bool move() noexcept {
      if constexpr (requeuing_lot<Lot>) {
        // relaxed: the lot looks again
        if (word_.load(std::memory_order_relaxed) == (asleep | claimed)) {
          Lot::requeue(address(), asleep | claimed, mutex_->address());
          is_moved_ = true;
        }
      }
      return is_moved_;
    }

    // Of the notifier: `leads` of one that was not moved. The last access to *this.
    void finish(bool leads = false) noexcept {
      const auto where = address();
      const word_type to_be_woken = is_moved_ ? watching : asleep | watching;
      // release: the notifier has read what is here and left the mutex
      const word_type before = word_.exchange(is_moved_ || leads ? charged : notified, std::memory_order_release);
      if (before & to_be_woken) Lot::unpark(where, 1);
    }

    // Guarded by the queue's lock while the waiter is in the list; then its notifier's.
    waiter* next_ = nullptr;
    waiter* previous_ = nullptr;
    basic_mutex<Lot>* const mutex_;
    bool is_moved_ = false;
    bool is_behind_ = false;  // others came first, and will be notified first: it does not spin
    typename Lot::template atomic<word_type> word_{0};
  };

  constexpr wait_queue() noexcept : count_(0) {}
  wait_queue(const wait_queue&) = delete;
  wait_queue& operator=(const wait_queue&) = delete;

  // Waits for those who leave. Who waits on is left alone: a program may end so.
  ~wait_queue() {
    while (someone_leaves()) Lot::yield();
  }

  void enter(waiter& last) noexcept {
    lock_.lock();
    if (first_ == nullptr) {
      first_ = &last;
    } else {
      last.is_behind_ = true;
      last.previous_ = first_->previous_;
      last.previous_->next_ = &last;
    }
    first_->previous_ = &last;
    count(+1);
    lock_.unlock();
  }

  // Of a waiter that has reached its limit. False when it has been notified after all.
  PARK_NO_INLINE bool leave(waiter& one) noexcept {
    if (!one.give_up()) return one.settle(), false;
    lock_.lock();
    remove(one);
    lock_.unlock();
    return true;
  }

  // Notifies the `most` that have waited for longest.
  void notify(std::uint32_t most) noexcept {
    // relaxed: whoever must be notified entered before, by happens-before, and is counted in what this may read
    if (count_.load(std::memory_order_relaxed) != 0) notify_some(most);
  }

 private:
  PARK_NO_INLINE void notify_some(std::uint32_t most) noexcept {
    waiter* first = nullptr;
    waiter* last = nullptr;
    lock_.lock();
    for (waiter *one = first_, *next = nullptr; one != nullptr && most > 0; one = next) {
      next = one->next_;
      if (!one->claim()) continue;
      remove(*one);
      (last != nullptr ? last->next_ : first) = one;
      last = one;
      --most;
    }
    lock_.unlock();
    while (first != nullptr) first = finish_alike(first);
  }

  // Is done with the first of a list of claimed waiters, and with those after it that will lock the same mutex. Returns the rest.
  static waiter* finish_alike(waiter* first) noexcept {
    basic_mutex<Lot>* const mutex = first->mutex_;
    waiter* last = first;
    std::uint32_t leaders = 0;
    bool some_moved = false;
    const auto has_company = [&] { return last->next_ != nullptr && last->next_->mutex_ == mutex; };
    if (mutex != nullptr && (has_company() || mutex->is_held())) {
      const std::uint32_t most = has_company() ? wake_chains<Lot>::most() : 0;
      while (leaders < most && has_company()) ++leaders, last = last->next_;
      some_moved = last->move();
      for (; has_company(); some_moved |= last->move()) last = last->next_;
    }
    for (waiter* next = nullptr; first != last; first = next) {
      next = first->next_;
      const bool leads = leaders > 0;
      if (leads) --leaders;
      first->finish(leads && some_moved);
    }
    if (some_moved) mutex->pass_on();
    waiter* const rest = last->next_;
    last->finish();
    return rest;
  }

  bool someone_leaves() noexcept {
    bool found = false;
    lock_.lock();
    // relaxed: the bit was seen, by who notified all, before the condition variable may go
    for (const waiter* one = first_; one != nullptr; one = one->next_)
      found |= (one->word_.load(std::memory_order_relaxed) & leaving) != 0;
    lock_.unlock();
    return found;
  }

  // Under the lock, as are the next.
  void remove(waiter& one) noexcept {
    if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
    if (&one != first_) {
      one.previous_->next_ = one.next_;
      if (one.next_ == nullptr) first_->previous_ = one.previous_;
    } else {
      first_ = one.next_;
    }
    one.next_ = nullptr;
    count(-1);
  }

  void count(int change) noexcept {
    // relaxed: see notify(). No read-modify-write is needed under the lock.
    count_.store(count_.load(std::memory_order_relaxed) + static_cast<std::uint32_t>(change),
                 std::memory_order_relaxed);
  }

  // The state.
  //
  //   lock_    Guards the other two, and the links of the waiters in the list.
  //   count_   How many are in the list.
  //   first_   Who has waited for longest; its previous_ is the last.
  basic_mutex<Lot> lock_{};  // NOLINT(readability-redundant-member-init): -Weffc++ asks for it
  typename Lot::template atomic<std::uint32_t> count_;
  waiter* first_ = nullptr;
};

}  // namespace park::detail
