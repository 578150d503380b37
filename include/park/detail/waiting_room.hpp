// Where threads sleep until something comes that one of them may have, which is kept elsewhere: in the slots of a bounded_queue.
#pragma once

#include <atomic>
#include <cstdint>

#include "park/config.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"

namespace park::detail {

// What a look at the place where things come has found.
//
//   coming   Announced and not there yet, and nobody awaits it: its bringer may have looked into the room before this look.
enum class finding : std::uint8_t { nothing, coming, something, the_end };

constexpr bool settled(finding found) noexcept { return found >= finding::something; }

// The word.
//
//   bits 20..0   called   Calls that nobody has answered yet. Never more than `waiting`.
//   bits 41..21  looking  Threads that have answered a call and not yet told the room what they did next.
//   bits 62..42  waiting  Threads that have entered: asleep, about to be, or woken and about to answer.
//   bit  63      closed   From now on each call is one of everybody.
//
// The lower half decides: a thread parks on it, and only while `called` is 0. While nobody is there the word is 0, or `closed` alone.
//
// Who brings a thing announces it by a seq_cst step; then looks into the room, by a seq_cst load, and counts a call there; then makes
// the thing visible, by its last access to anything here; and then unparks, by address alone, those it has called. Who enters does so by a
// seq_cst read-modify-write, and only then looks, by seq_cst loads. So (1) a look that misses an announcement comes before it in the one
// order of all seq_cst operations, and the bringer's look into the room, which comes after, counts all that had entered before
// that look. So it is with the end, except that who enters after the room was closed knows: to close and to enter are steps on one word.
//
// A look that finds a thing announced, but not there, may come too late for the bringer. So (2) one of those who find that awaits it:
// leaves a mark in the word that the bringer will replace, and sleeps at that; the bringer sees the mark in the step that replaces it,
// and wakes who left it. One is enough: it goes on like any who has entered, and the others sleep, as where there is nothing. A bringer
// that finds the mark before it has called need not call. Who gives up takes the mark away first.
//
// Why a call reaches somebody. Let a thread that has entered be asleep when it is parked and no unpark has been spent on it. Invariant:
//
//     asleep = 0, or so many more than `called` of those who wait are awake as have entered and not slept since
//
//   call         adds one to `called` and, when the thing is there, unparks one.
//   answer       takes one from both `called` and `waiting`, in one step. A thread that is unparked and finds its call answered by
//                another sleeps on.
//   sleep        compares `called` with 0 and sleeps in one step.
//   giving up    (timeout, stop) leaves in a step that finds `called` 0; where there is a call it answers.
//   not needed   A thread that found something before it slept leaves, and the calls stay for the others; but for one where there would
//                be more calls than others.
//
// Why nobody sleeps on while something is in reach: the next in order, once it is there. What comes behind one that is late is called for in
// vain, or when nobody waits yet; and when the late one comes, that is one call for all of them. So the last to leave, if no others are
// called or looking, looks back, and calls for what it finds: something, or what is coming and is not awaited, or the end. Claim: where a
// thread sleeps while something is in reach, somebody else has a look ahead: is about to unpark, called, looking, awake beside what it
// awaited, or about to look back. Something comes into reach
//
//   when it is brought     Those who slept before it was announced its bringer has called, by (1); or somebody awaits it, by (2), as where
//                          there are only others: they found it marked, since an unmarked one they would await themselves.
//   when what was before   The taker has entered, and will look back or leaves another who is called or looking. Or it has not: then somebody
//   it is taken            else had a look ahead, for what was taken, and has it still.
//
// A look ahead is given up only for another: who is called looks; who looked in vain enters again and looks, or leaves; who awaited and
// gives up leaves. A last look that misses something comes, by (1), before its bringer looks into the room; and to leave and to enter are
// steps on one word: who enters later finds the mark gone.
template <parking_lot Lot>
class waiting_room {
 public:
  using limit = wait_limit<Lot>;
  using address = typename Lot::address;

  constexpr waiting_room() noexcept : word_(0) {}
  waiting_room(const waiting_room&) = delete;
  waiting_room& operator=(const waiting_room&) = delete;

  // False: nobody need be called, by one who brings a thing and has announced it, by a seq_cst step before this.
  bool anybody() const noexcept {
    return word_.load(std::memory_order_seq_cst) != 0;  // after that step: see (1)
  }

  // For one thing, before it is there: how many to unpark at waiting_address() then.
  PARK_NO_INLINE std::uint32_t prepare_call() noexcept {
    word_type seen = word_.load(std::memory_order_relaxed);
    for (;;) {
      const word_type uncalled = waiting(seen) - called(seen);
      if (uncalled == 0) return 0;
      const word_type calls = seen & closed ? uncalled : 1;
      // relaxed: who answers sees what has come, by (1)
      if (word_.compare_exchange_weak(seen, seen + calls, std::memory_order_relaxed))
        return static_cast<std::uint32_t>(calls);
    }
  }

  // For one thing that is there.
  void call() noexcept {
    if (anybody()) unpark(prepare_call());
  }

  // It is the end, by a store before this: all shall look, now and at each later call.
  void close() noexcept {
    word_.fetch_or(closed, std::memory_order_release);  // release: who enters later finds the end
    unpark(prepare_call());
  }

  // Until claim(order) finds something or the end, or the limit is reached. look(order), a claim that leaves it there, writes nothing;
  // what is coming, both need see with seq_cst only. await() waits for what the last claim found coming, and is false once the limit has
  // been reached.
  template <class Look, class Claim, class Await>
  finding wait(limit until, Look look, Claim claim, Await await) noexcept {
    finding found = finding::nothing;
    const auto claims = [&](std::memory_order order) { return settled(found = claim(order)); };
    const auto spun = [&](std::memory_order order) { return settled(look(order)) && claims(order); };
    if (until.spin([&] { return spun(std::memory_order_acquire); }))
      return found;  // acquire: as in the caller's first try
    if (until.reached()) return found;
    for (enter(0);; enter(one_looking)) {
      bool in_time = true;
      do {  // again where it has been awaited; another may have been faster
        if (claims(std::memory_order_seq_cst) || !in_time) {  // after the step that entered: see (1)
          if (is_last(leave_uncalled())) look_back(look);
          return found;
        }
        if (found == finding::coming) in_time = await();
      } while (found == finding::coming);
      if (!sleep(until)) return found;
      if (claims(std::memory_order_acquire) ||
          until.reached()) {  // acquire: see above; enter() and leave() are what (1) asks for
        if (is_last(leave())) look_back(look);
        return found;
      }
    }
  }

  address waiting_address() const noexcept { return Lot::low_half(word_); }

 private:
  using word_type = std::uint64_t;
  static constexpr int width = 21;  // Linux itself has no more than twice as many threads
  static constexpr word_type one_call = 1, one_looking = one_call << width, one_waiting = one_looking << width;
  static constexpr word_type closed = one_waiting << width;

  static constexpr word_type called(word_type word) noexcept { return word % one_looking; }
  static constexpr word_type waiting(word_type word) noexcept { return word % closed / one_waiting; }
  static constexpr bool is_last(word_type left) noexcept { return left % one_waiting == 0 && waiting(left) > 0; }

  void unpark(std::uint32_t calls) const noexcept {
    if (calls > 0) Lot::unpark(waiting_address(), calls);
  }

  // `from`: one_looking where the thread was looking until now.
  void enter(word_type from) noexcept {
    word_.fetch_add(one_waiting - from, std::memory_order_seq_cst);  // before a look: see (1)
  }

  // True: answered a call, and is looking. False: the limit has been reached, and the thread has left.
  PARK_NO_INLINE bool sleep(limit until) noexcept {
    bool given_up = false;
    for (word_type seen = word_.load(std::memory_order_relaxed);;) {
      if (called(seen) > 0) {
        // relaxed: the look that counts comes after the next step
        if (exchange(seen, seen - one_call - one_waiting + one_looking, std::memory_order_relaxed)) return true;
      } else if (given_up) {
        if (exchange(seen, seen - one_waiting, std::memory_order_relaxed)) return false;
      } else {
        given_up = !until.park(waiting_address(), static_cast<std::uint32_t>(seen));
        seen = word_.load(std::memory_order_relaxed);
      }
    }
  }

  // Of a thread that was looking.
  word_type leave() noexcept {
    return word_.fetch_sub(one_looking, std::memory_order_seq_cst) - one_looking;  // before a look back: see (1)
  }

  // Of a thread that has entered and not slept.
  PARK_NO_INLINE word_type leave_uncalled() noexcept {
    for (word_type seen = word_.load(std::memory_order_relaxed);;) {
      const word_type left = seen - one_waiting - (called(seen) == waiting(seen) ? one_call : 0);
      if (exchange(seen, left, std::memory_order_seq_cst)) return left;  // before a look back: see (1)
    }
  }

  template <class Look>
  PARK_NO_INLINE void look_back(Look look) noexcept {
    if (look(std::memory_order_seq_cst) != finding::nothing)
      unpark(prepare_call());  // after the step that left: see (1)
  }

  bool exchange(word_type& seen, word_type next, std::memory_order order) noexcept {
    return word_.compare_exchange_weak(seen, next, order, std::memory_order_relaxed);
  }

  typename Lot::template atomic<word_type> word_;
};

#define PARK_DECLARE_WAITING_ROOM(lot) extern template class PARK_API waiting_room<lot>;
PARK_FOR_EACH_LOT(PARK_DECLARE_WAITING_ROOM)
#undef PARK_DECLARE_WAITING_ROOM

}  // namespace park::detail
