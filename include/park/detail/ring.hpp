// The state machine of a bounded_queue: who may fill which slot, and who may empty it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "park/detail/done_count.hpp"
#include "park/detail/slot_array.hpp"
#include "park/detail/wait.hpp"
#include "park/detail/waiting_room.hpp"
#include "park/mutex.hpp"

namespace park::detail {

// The state.
//
//   tail_      bit 63 closed: nobody takes a ticket here any more. Else the ticket of the next item to be pushed.
//   head_      The ticket of the next item to be popped. Never ahead of tail_, nor behind it by more than the capacity.
//   slots_     The word of each slot says for which ticket it is free or full, see slots. It alone hands the memory over.
//   poppers_   Who waits for the slot of head_ to be full.
//   pushers_   Who waits for the slot of tail_ to be free.
//   done_      Which items are done with, see done_count. It costs those who push and pop nothing; it lies beside head_, where who has popped an
//              item has just been.
//
// push() finds the slot of tail_ free for that ticket, takes the ticket by a compare-exchange, which makes the slot its own, makes the item
// there, and says in the slot's word that it is full; pop() does the same at the other end. A word only ever goes on to the next value, so
// that a ticket whose slot is past it is an old one, read before another thread took it. Words wrap around after 2^30 laps. Who has
// read one, and then not run for just so many or a multiple, fails to take the ticket, which does not wrap around; who goes to sleep then
// may sleep until that slot's next item, as whoever sleeps on a word of 32 bits may that has come round to the same value.
//
// Why the queue may be destroyed by who has popped the last item: that a slot is full is said by the last access of its push(), which
// has taken its ticket, looked who waits, and called them before, and then unparks by address. So it is with pop().
//
// Why nothing is lost at the end: close() sets `closed` in the word that tickets are taken from, so that each push() has taken its
// ticket before, or takes none. Then tail_ stands still, and what is behind it will be full: a pop() that has found its slot not full
// and then reads `closed` beside its own ticket knows that all tickets before are taken; if it reads another ticket there, an item
// is on its way.
//
// Why no wake is lost: see waiting_room. What comes to the poppers is the item of a ticket, to the pushers the free slot of one. It is
// announced by the step that takes the ticket from the other end: a look that finds the slot not ready finds there whether that has been;
// and it is awaited by a mark in the slot's word, which only who has taken that ticket replaces.
//
// Where T's move may throw, a ticket cannot be taken before the item has been moved, and two threads must not move the same one: then each side
// has a lock, and the ticket is taken under it, at the end, before the slot is given.
template <class T, parking_lot Lot>
class ring {
 public:
  using all_slots = slot_array<T, Lot>;
  using ticket = typename all_slots::ticket;
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;

  static constexpr bool locked = !std::is_nothrow_move_constructible_v<T>;

  explicit ring(std::size_t capacity) : slots_(capacity) {}
  ~ring() {
    const ticket last = end();
    for (ticket at = head_.load(std::memory_order_relaxed); at != last; at = slots_.next(at)) {
      std::destroy_at(&slots_[at].item());
    }
  }
  ring(const ring&) = delete;
  ring& operator=(const ring&) = delete;

  // Finds a ticket whose slot is the caller's to fill, once, if it says `something`. `order` is acquire, or seq_cst where waiting_room
  // asks for that.
  finding claim_back(ticket& at, std::memory_order order) noexcept {
    back_.lock();
    finding found = look_back(at, order);
    if constexpr (!locked) {
      // relaxed: the slot's word is what orders those who use it
      while (found == finding::something && !take(tail_, at)) found = look_back(at, order);
    }
    if (found != finding::something) back_.unlock();
    return found;
  }

  // The same for a slot to be emptied.
  finding claim_front(ticket& at, std::memory_order order) noexcept {
    front_.lock();
    finding found = look_front(at, order);
    if constexpr (!locked) {
      while (found == finding::something && !take(head_, at)) found = look_front(at, order);
    }
    if (found != finding::something) front_.unlock();
    return found;
  }

  // As their namesakes, once there is something, or the end, or the limit has been reached.
  PARK_NO_INLINE finding wait_back(ticket& at, limit until) noexcept {
    return pushers_.wait(
        until, [this](std::memory_order order) { return look_back(order); },
        [&, this](std::memory_order order) { return claim_back(at, order); },
        [&, this] { return await(at, slots_.full_word(slots_.lap_before(at)), until); });
  }
  PARK_NO_INLINE finding wait_front(ticket& at, limit until) noexcept {
    return poppers_.wait(
        until, [this](std::memory_order order) { return look_front(order); },
        [&, this](std::memory_order order) { return claim_front(at, order); },
        [&, this] { return await(at, slots_.free_word(at), until); });
  }

  address pushers_address() const noexcept { return pushers_.waiting_address(); }
  address poppers_address() const noexcept { return poppers_.waiting_address(); }

  // Makes an item in a claimed slot.
  template <class... Arguments>
  void fill(ticket at, Arguments&&... arguments) {
    static_assert(locked || std::is_nothrow_constructible_v<T, Arguments...>);
    const filling made(*this, at);
    ::new (made.memory()) T(std::forward<Arguments>(arguments)...);
  }

  // Moves the item out of a claimed slot.
  std::optional<T> empty(ticket at) {
    const emptying done(*this, at);
    return std::optional<T>(std::in_place,
                            std::move(done.item()));  // made where the caller wants it, before the slot is given back
  }

  void close() noexcept {
    {
      const std::lock_guard<side_lock> hold(back_);
      // seq_cst: publishes what came before close(); and who was called for an item that another has taken must not miss the end
      tail_.fetch_or(closed_bit, std::memory_order_seq_cst);
    }
    poppers_.close();
    pushers_.close();
  }

  bool closed() const noexcept {
    return (tail_.load(std::memory_order_acquire) & closed_bit) != 0;  // acquire: pairs with close()
  }

  // So many more of the items are done with. False: there have not been so many, and nothing has changed.
  bool task_done(std::size_t many) noexcept {
    if (std::uint64_t{many} >> 62 != 0) return false;
    return done_.move_on([=, this](ticket done) {
      const ticket next = slots_.later(done, many);
      // Where more have been popped, the line that all who push write to need not be read. relaxed: an old head is less.
      if (next < head_.load(std::memory_order_relaxed)) return step{next, false, false};
      const ticket last = end();
      return step{next, next == last, next > last};
    });
  }

  bool all_done() const noexcept {
    return done_.all([this] { return end(); });
  }
  bool wait_done(limit until) const noexcept {
    return done_.wait(until, [this] { return end(); });
  }
  address done_address() const noexcept { return done_.waiting_address(); }

  std::size_t size() const noexcept {
    const ticket front = head_.load(std::memory_order_relaxed);
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(slots_.distance(front, end()), 0, static_cast<std::int64_t>(capacity())));
  }

  std::size_t capacity() const noexcept { return slots_.capacity(); }

 private:
  using slot = typename all_slots::slot;
  using slot_word = typename all_slots::word_type;
  using atomic_ticket = typename Lot::template atomic<ticket>;
  using step = typename done_count<Lot>::step;
  static constexpr ticket closed_bit = ticket{1} << 63;
  static constexpr std::size_t line = 64;

  struct no_lock {
    void lock() noexcept {}
    void unlock() noexcept {}
  };
  using side_lock = std::conditional_t<locked, basic_mutex<Lot>, no_lock>;

  // Whether an exception has come since.
  class exceptions {
   public:
    bool came() const noexcept { return std::uncaught_exceptions() > before_; }

   private:
    const int before_ = std::uncaught_exceptions();
  };
  struct no_exceptions {
    static constexpr bool came() noexcept { return false; }
  };

  // What follows the making of an item, or its failure.
  class filling {
   public:
    filling(ring& whole, ticket at) noexcept : whole_(whole), at_(at) {}
    filling(const filling&) = delete;
    filling& operator=(const filling&) = delete;
    ~filling() { exceptions_.came() ? whole_.leave_free() : whole_.give_full(at_); }

    void* memory() const noexcept { return whole_.slots_[at_].memory; }

   private:
    ring& whole_;
    const ticket at_;
    PARK_NO_UNIQUE_ADDRESS const std::conditional_t<locked, exceptions, no_exceptions> exceptions_{};
  };

  class emptying {
   public:
    emptying(ring& whole, ticket at) noexcept : whole_(whole), at_(at) {}
    emptying(const emptying&) = delete;
    emptying& operator=(const emptying&) = delete;
    ~emptying() { exceptions_.came() ? whole_.leave_full() : whole_.give_free(at_); }

    T& item() const noexcept { return whole_.slots_[at_].item(); }

   private:
    ring& whole_;
    const ticket at_;
    PARK_NO_UNIQUE_ADDRESS const std::conditional_t<locked, exceptions, no_exceptions> exceptions_{};
  };

  finding look_back(ticket& at, std::memory_order order) const noexcept {
    for (;;) {
      at = tail_.load(order);
      if (at & closed_bit) return finding::the_end;
      const std::int32_t past = slots_.past(slots_.free_word(at), at, order);
      if (past == 0) return finding::something;
      if (past < 0) {
        if (order != std::memory_order_seq_cst) return finding::nothing;  // leaves the poppers' word alone
        return on_its_way(past, head_.load(std::memory_order_seq_cst) != slots_.lap_before(at));
      }
    }
  }

  finding look_front(ticket& at, std::memory_order order) const noexcept {
    for (;;) {
      at = head_.load(
          order);  // seq_cst where the caller has entered: an older head beside an older mark would be no reason to sleep
      const std::int32_t past = slots_.past(slots_.full_word(at), at, order);
      if (past == 0) return finding::something;
      if (past < 0) {
        const ticket end = tail_.load(order);
        if (end == (at | closed_bit)) return finding::the_end;
        return on_its_way(past, end > at);
      }
    }
  }

  // Of a slot that is not ready: `taken`, the ticket for what makes it so has been.
  static finding on_its_way(std::int32_t past, bool taken) noexcept {
    return taken && past != -static_cast<std::int32_t>(all_slots::awaited) ? finding::coming : finding::nothing;
  }

  // Marks the slot of `at`, whose word was `before`, and sleeps until what is coming there has come; or does not, where the word is another
  // by now. False: the limit has been reached.
  bool await(ticket at, slot_word before, limit until) noexcept {
    auto& word = slots_[at].word;
    const slot_word marked = before | all_slots::awaited;
    slot_word seen = before;
    // relaxed: the mark is seen by the step that replaces it; and that it is gone, by who enters the room after this thread has left.
    // weak: where it fails for nothing the caller looks again.
    if (!word.compare_exchange_weak(seen, marked, std::memory_order_relaxed, std::memory_order_relaxed)) return true;
    do {
      if (!until.park(Lot::whole(word), marked)) {
        seen = marked;
        word.compare_exchange_strong(seen, before, std::memory_order_relaxed, std::memory_order_relaxed);
        return false;
      }
    } while (word.load(std::memory_order_relaxed) == marked);
    return true;
  }

  // The ticket of the next item to be pushed, or, once closed, of the first that will not be.
  ticket end() const noexcept {
    return tail_.load(std::memory_order_relaxed) &
           ~closed_bit;  // relaxed: an old one is as good, see size() and done_count
  }

  finding look_back(std::memory_order order) const noexcept {
    ticket at{};
    return look_back(at, order);
  }
  finding look_front(std::memory_order order) const noexcept {
    ticket at{};
    return look_front(at, order);
  }

  bool take(atomic_ticket& from, ticket at) noexcept {
    ticket seen = at;
    // seq_cst: before the look into the room: see waiting_room. The slot's word is what orders those who use it.
    return from.compare_exchange_weak(seen, slots_.next(at), std::memory_order_seq_cst, std::memory_order_relaxed);
  }

  void give_full(ticket at) noexcept {
    if constexpr (locked) {
      tail_.store(slots_.next(at), std::memory_order_seq_cst);  // as in take()
      back_.unlock();
    }
    give(slots_[at], slots_.full_word(at), poppers_);
  }

  void give_free(ticket at) noexcept {
    std::destroy_at(&slots_[at].item());
    if constexpr (locked) {
      head_.store(slots_.next(at), std::memory_order_seq_cst);  // as in take()
      front_.unlock();
    }
    give(slots_[at], slots_.free_again_word(at), pushers_);
  }

  // The exchange is the last access to *this: from then on who gets what is given may destroy it. It wakes everyone who is parked at the
  // slot: one who awaited an earlier lap there may not have been woken yet.
  void give(slot& filled_or_emptied, slot_word next, waiting_room<Lot>& room) noexcept {
    if (room.anybody()) [[unlikely]]
      return give_and_call(filled_or_emptied, next, room);
    const address where = Lot::whole(filled_or_emptied.word);
    // release: publishes the item, or that it is gone
    if (filled_or_emptied.word.exchange(next, std::memory_order_release) & all_slots::awaited) [[unlikely]]
      Lot::unpark(where, everyone);
  }

  PARK_NO_INLINE void give_and_call(slot& filled_or_emptied, slot_word next, waiting_room<Lot>& room) noexcept {
    const address where = Lot::whole(filled_or_emptied.word), room_address = room.waiting_address();
    // relaxed: who left this mark will look again, or has given up, and leaves the room after the look into it
    const bool marked = (filled_or_emptied.word.load(std::memory_order_relaxed) & all_slots::awaited) != 0;
    const std::uint32_t calls = marked ? 0 : room.prepare_call();
    if (filled_or_emptied.word.exchange(next, std::memory_order_release) & all_slots::awaited)
      Lot::unpark(where, everyone);
    if (calls > 0) Lot::unpark(room_address, calls);
  }

  // An exception came: what this thread was called for is there for another.
  void leave_free() noexcept {
    back_.unlock();
    pushers_.call();
  }
  void leave_full() noexcept {
    front_.unlock();
    poppers_.call();
  }

  all_slots slots_;  // not written to, but for what the slots hold
  alignas(line) atomic_ticket tail_{0};
  PARK_NO_UNIQUE_ADDRESS side_lock back_{};
  alignas(line) atomic_ticket head_{0};
  PARK_NO_UNIQUE_ADDRESS side_lock front_{};
  done_count<Lot> done_{};
  alignas(line) waiting_room<Lot> poppers_{};
  alignas(line) waiting_room<Lot> pushers_{};
};

}  // namespace park::detail
