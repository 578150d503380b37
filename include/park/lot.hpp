// park::parking_lot: the one door between a primitive and the operating system.
//
// A lot puts threads to sleep on the address of an atomic word and wakes them by that address. It is a class of static functions,
// never an object. Every primitive is a template over its lot, so that one state machine serves each place that threads can sleep in:
//
//   futex_lot    Linux futex, private to the process             park/futex_lot.hpp
//   address_lot  WaitOnAddress of Windows                        park/address_lot.hpp
//   hashed_lot   portable: a hash table of queues of threads     park/hashed_lot.hpp
//   native_lot   the best of them on this platform               park/native_lot.hpp
//
// On macOS hashed_lot serves; a lot of its own would stand on os_sync_wait_on_address (14.4 or later).
#pragma once

#include <concepts>
#include <cstdint>

#include "park/deadline.hpp"

namespace park {

// The count that unpark takes for "all who are parked there".
inline constexpr std::uint32_t everyone = 0x7fffffff;

// Whether a 64-bit word of a lot's changes without a lock, as it does on every CPU of 64 bits and on most of 32. Elsewhere such a word works
// by the locks of std::atomic; a semaphore does without.
template <class Lot>
inline constexpr bool has_lock_free_pairs = Lot::template atomic<std::uint64_t>::is_always_lock_free;

// What a lot provides:
//
//   atomic<T>                    std::atomic<T>, or a stand-in with its interface. The lot's, so that a model checker sees every access.
//   address                      names 32 bits that threads park on: a whole 32-bit word or one half of a 64-bit one. A plain value;
//                                it outlives the word, and comparing it or unparking by it never touches the word.
//   whole(word)                  the address of a 32-bit word.
//   low_half(word)               the address of the less significant half of a 64-bit word, wherever the CPU keeps it.
//   high_half(word)              the address of the more significant half.
//   park(where, value, until)    sleeps while the 32 bits at `where` equal `value`. Comparing and falling asleep are one step
//                                towards unpark: an unpark that comes after the bits were changed is never missed. Returns true when
//                                unparked, when the bits differ, or for no reason; false only when `until` has passed and no unpark
//                                was spent on this thread. It is not a fence: order comes from the atomics around it.
//   unpark(where, count)         wakes at most `count` of the threads parked at `where`. Does nothing, and is legal, where nobody is
//                                parked and where the word no longer exists.
//   yield()                      lets another thread run.
//   backoff                      how a thread spins before it parks, see park/backoff.hpp. Made of the wait's deadline and, where they are
//                                known, the number of threads that wait for each other and the address that its looks look at.
template <class Lot>
concept parking_lot = requires(const typename Lot::template atomic<std::uint32_t>& word,
                               const typename Lot::template atomic<std::uint64_t>& pair, typename Lot::address where,
                               std::uint32_t value, deadline until, typename Lot::backoff& backoff) {
  { Lot::whole(word) } noexcept -> std::same_as<typename Lot::address>;
  { Lot::low_half(pair) } noexcept -> std::same_as<typename Lot::address>;
  { Lot::high_half(pair) } noexcept -> std::same_as<typename Lot::address>;
  { where == where } noexcept -> std::same_as<bool>;
  { Lot::park(where, value, until) } noexcept -> std::same_as<bool>;
  { Lot::unpark(where, value) } noexcept -> std::same_as<void>;
  { Lot::yield() } noexcept -> std::same_as<void>;
  requires std::constructible_from<typename Lot::backoff>;
  requires std::constructible_from<typename Lot::backoff, deadline>;
  requires std::constructible_from<typename Lot::backoff, deadline, std::uint32_t>;
  requires std::constructible_from<typename Lot::backoff, deadline, std::uint32_t, typename Lot::address>;
  { backoff.again() } noexcept -> std::same_as<bool>;
  { backoff.paid_off() } noexcept -> std::same_as<void>;
};

// What a lot may provide besides:
//
//   requeue(from, value, to)     has the threads parked at `from` be parked at `to` from now on, if the 32 bits at `from` equal `value`; else
//                                does nothing. Comparing and moving are one step towards park and unpark at `from`; a park there that
//                                comes later does not miss what was changed before. Where it cannot move them it wakes them. `to` is
//                                not touched.
template <class Lot>
concept requeuing_lot = parking_lot<Lot> && requires(typename Lot::address where, std::uint32_t value) {
  { Lot::requeue(where, value, where) } noexcept -> std::same_as<void>;
};

}  // namespace park
