// park::bounded_queue: items pass from any number of threads to any number of others; who finds it full or empty waits.
//
//   park::bounded_queue<job> jobs(64);
//   ... producers: jobs.push(std::move(next));
//   ... consumers: while (std::optional<job> mine = jobs.pop()) mine->run();
//   ... at the end: jobs.close();
//
// Where somebody waits until all that was pushed is dealt with, each item that was popped is followed by a task_done():
//
//   ... consumers: while (std::optional<job> mine = jobs.pop()) mine->run(), jobs.task_done();
//   ... a producer: jobs.push(one), jobs.push(another), jobs.wait_done();
//
// Model: queue.Queue of Python, whose join() is wait_done(); BlockingQueue of java.util.concurrent, whose drainTo() is drain(); close() is that
//   of a channel in Go. T is any object type that can be moved, and copied only where the caller has it copied.
// Order: first in, first out: what one thread pushes is popped in that order.
// Closing: each push() that comes after close(), or waits in it, returns false and leaves its argument as it was; a push() beside close()
//   does that, or its item is popped. What is in the queue can still be popped; a pop() that finds it closed and empty returns none.
// Ordering: each push() synchronizes with the pop() that returns its item, each pop() with the push() that fills the slot that it has
//   emptied, close() with each call that finds the queue closed, each task_done() with each wait_done() that returns because of it.
// Progress: a push() into a queue that is not full and a pop() from one that is not empty take no lock, where T's move constructor is
//   noexcept. But an item can be popped only when all before it have been pushed to the end: a thread that is stopped in the middle of a
//   push() or pop() holds up, in time, those who come after it.
// Exceptions: where the move, or the making of an item from the arguments, throws, the queue is as it was, and what was at its front is there
//   still. Where T's move constructor is not noexcept, that takes a lock for each side, held while an item is moved in or out: T's
//   constructors must not use the same queue then. What push_range() and drain() have passed on before an exception stays passed on.
// Lifetime: a queue may be destroyed, with the items that it still has, once all calls on it have returned, but for these, which may still
//   be running: each push() whose item has been popped, by a pop() that has returned; each pop() into whose slot another item has been
//   pushed, by a push() that has returned; each task_done() that was waited for, by a wait_done() that has returned. So a reply can be waited
//   for in a queue on the stack: park::bounded_queue<answer> reply(1).
// Cancellation: no wait is a cancellation point of pthread_cancel, as none of std's is.
// Misuse: a capacity of 0, or above max_capacity(), is refused with std::invalid_argument; where exceptions are disabled it ends in
//   park::contract_violation. A task_done() that makes more items done with than have been pushed throws park::task_done_error, or ends there
//   too, and changes nothing; one too many, while other items are not done with yet, is taken for theirs.
// Cost: five cache lines, and for each slot a T and four bytes; the system is asked for a slot's memory at its first use, where the C library
//   takes large blocks from it. push() is a compare-exchange and an exchange, as pop() is, on lines that are shared with other
//   calls of the same kind and of the other kind each; a futex call only to sleep or to wake a sleeper, though a wait that spins first
//   may yield. One item wakes one thread; two, where one of them came while it was being pushed. task_done() is a compare-exchange
//   on the line that all who pop write to and, for the last item that is out, a load of the one that all who push do. Nobody else pays for it.
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>

#include "park/config.hpp"
#include "park/deadline.hpp"
#include "park/detail/range_of.hpp"
#include "park/detail/refuse_argument.hpp"
#include "park/detail/ring.hpp"
#include "park/detail/wait.hpp"
#include "park/native_lot.hpp"
#include "park/task_done_error.hpp"

namespace park {

template <class T, parking_lot Lot>
class basic_bounded_queue {
  static_assert(std::is_object_v<T> && std::is_same_v<T, std::remove_cv_t<T>> && std::move_constructible<T>,
                "a bounded_queue has items of an object type that can be moved");

 public:
  using value_type = T;

  static constexpr std::size_t max_capacity() noexcept { return ring::all_slots::max_capacity; }

  // Empty and open. Throws std::invalid_argument unless 1 <= capacity <= max_capacity(), std::bad_alloc where there is no memory.
  explicit basic_bounded_queue(std::size_t capacity) : ring_(checked(capacity)) {}

  basic_bounded_queue(const basic_bounded_queue&) = delete;
  basic_bounded_queue& operator=(const basic_bounded_queue&) = delete;

  // Waits while the queue is full. True: the item is in it. False: it is closed, and `value` is as it was.
  bool push(T&& value) {
    return put([](const auto& slot) { slot.wait(); }, std::move(value));
  }
  bool push(const T& value)
    requires std::copy_constructible<T>
  {
    return put([](const auto& slot) { slot.wait(); }, value);
  }

  // As push(), of an item made from the arguments: right away, or in its slot. Where it returns false they may have been used.
  template <class... Arguments>
    requires std::constructible_from<T, Arguments...>
  bool emplace(Arguments&&... arguments) {
    return put([](const auto& slot) { slot.wait(); }, std::forward<Arguments>(arguments)...);
  }

  // Does not wait. False also where some moment during the call had the queue full, or the slot whose turn it is not yet emptied by a
  // pop() that is under way.
  [[nodiscard]] bool try_push(T&& value) { return put(no_wait, std::move(value)); }
  [[nodiscard]] bool try_push(const T& value)
    requires std::copy_constructible<T>
  {
    return put(no_wait, value);
  }
  template <class... Arguments>
    requires std::constructible_from<T, Arguments...>
  [[nodiscard]] bool try_emplace(Arguments&&... arguments) {
    return put(no_wait, std::forward<Arguments>(arguments)...);
  }

  // As push(), and false on timeout. Zero or less, and times past, do not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool push_for(T&& value, const std::chrono::duration<Rep, Period>& timeout) {
    return put([&](const auto& slot) { slot.wait_for(timeout); }, std::move(value));
  }
  template <class Rep, class Period>
  [[nodiscard]] bool push_for(const T& value, const std::chrono::duration<Rep, Period>& timeout)
    requires std::copy_constructible<T>
  {
    return put([&](const auto& slot) { slot.wait_for(timeout); }, value);
  }

  // Not on timeout before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool push_until(T&& value, const std::chrono::time_point<Clock, Duration>& time) {
    return put([&](const auto& slot) { slot.wait_until(time); }, std::move(value));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool push_until(const T& value, const std::chrono::time_point<Clock, Duration>& time)
    requires std::copy_constructible<T>
  {
    return put([&](const auto& slot) { slot.wait_until(time); }, value);
  }

  // As their namesakes, and false once a stop is requested of `stop` while the queue is full.
  template <stoppable_token Token>
  [[nodiscard]] bool push(T&& value, Token stop) {
    return put([&](const auto& slot) { slot.wait(std::move(stop)); }, std::move(value));
  }
  template <stoppable_token Token>
  [[nodiscard]] bool push(const T& value, Token stop)
    requires std::copy_constructible<T>
  {
    return put([&](const auto& slot) { slot.wait(std::move(stop)); }, value);
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool push_for(T&& value, Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return put([&](const auto& slot) { slot.wait_for(std::move(stop), timeout); }, std::move(value));
  }
  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool push_for(const T& value, Token stop, const std::chrono::duration<Rep, Period>& timeout)
    requires std::copy_constructible<T>
  {
    return put([&](const auto& slot) { slot.wait_for(std::move(stop), timeout); }, value);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool push_until(T&& value, Token stop, const std::chrono::time_point<Clock, Duration>& time) {
    return put([&](const auto& slot) { slot.wait_until(std::move(stop), time); }, std::move(value));
  }
  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool push_until(const T& value, Token stop, const std::chrono::time_point<Clock, Duration>& time)
    requires std::copy_constructible<T>
  {
    return put([&](const auto& slot) { slot.wait_until(std::move(stop), time); }, value);
  }

  // Pushes the elements of a range one by one, as push() does; others may push between them. Returns how many it has pushed: all, unless
  // the queue is closed. Elements of an rvalue that owns them, such as a vector, are moved, and those that were not pushed are as they were;
  // else they are taken as the range gives them: copied from an lvalue, or from a view.
  template <class Range = std::initializer_list<T>>
    requires detail::range_of<Range, T>
  std::size_t push_range(Range&& range) {
    return put_all<Range>(range, [](const auto& slot) { slot.wait(); });
  }

  // Does not wait: those for which there is room, as try_push() has it.
  template <class Range = std::initializer_list<T>>
    requires detail::range_of<Range, T>
  [[nodiscard]] std::size_t try_push_range(Range&& range) {
    return put_all<Range>(range, no_wait);
  }

  // As push_range(), and less on timeout, which is one for all of them. Zero or less, and times past, do not wait.
  template <class Range = std::initializer_list<T>, class Rep, class Period>
    requires detail::range_of<Range, T>
  [[nodiscard]] std::size_t push_range_for(Range&& range, const std::chrono::duration<Rep, Period>& timeout) {
    return put_all<Range>(range, [until = deadline::after(timeout)](const auto& slot) { slot.wait(until); });
  }

  // Not on timeout before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Range = std::initializer_list<T>, class Clock, class Duration>
    requires detail::range_of<Range, T>
  [[nodiscard]] std::size_t push_range_until(Range&& range, const std::chrono::time_point<Clock, Duration>& time) {
    return put_all<Range>(range, [&](const auto& slot) { slot.wait_until(time); });
  }

  // As their namesakes, and less once a stop is requested of `stop` while the queue is full.
  template <class Range = std::initializer_list<T>, stoppable_token Token>
    requires detail::range_of<Range, T>
  [[nodiscard]] std::size_t push_range(Range&& range, Token stop) {
    return put_all<Range>(range, [&](const auto& slot) { slot.wait(stop); });
  }

  template <class Range = std::initializer_list<T>, stoppable_token Token, class Rep, class Period>
    requires detail::range_of<Range, T>
  [[nodiscard]] std::size_t push_range_for(Range&& range, Token stop,
                                           const std::chrono::duration<Rep, Period>& timeout) {
    return put_all<Range>(range, [&, until = deadline::after(timeout)](const auto& slot) { slot.wait(stop, until); });
  }

  template <class Range = std::initializer_list<T>, stoppable_token Token, class Clock, class Duration>
    requires detail::range_of<Range, T>
  [[nodiscard]] std::size_t push_range_until(Range&& range, Token stop,
                                             const std::chrono::time_point<Clock, Duration>& time) {
    return put_all<Range>(range, [&](const auto& slot) { slot.wait_until(stop, time); });
  }

  // The item at the front; waits while there is none. None: the queue is closed and empty.
  [[nodiscard]] std::optional<T> pop() {
    return get([](const auto& item) { item.wait(); });
  }

  // Does not wait. None also where some moment during the call had the queue empty, or the item whose turn it is not yet put in by a
  // push() that is under way.
  [[nodiscard]] std::optional<T> try_pop() { return get(no_wait); }

  // As pop(), and none on timeout. Zero or less, and times past, do not wait.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> pop_for(const std::chrono::duration<Rep, Period>& timeout) {
    return get([&](const auto& item) { item.wait_for(timeout); });
  }

  // Not on timeout before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<T> pop_until(const std::chrono::time_point<Clock, Duration>& time) {
    return get([&](const auto& item) { item.wait_until(time); });
  }

  // As their namesakes, and none once a stop is requested of `stop` while the queue is empty.
  template <stoppable_token Token>
  [[nodiscard]] std::optional<T> pop(Token stop) {
    return get([&](const auto& item) { item.wait(std::move(stop)); });
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] std::optional<T> pop_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) {
    return get([&](const auto& item) { item.wait_for(std::move(stop), timeout); });
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] std::optional<T> pop_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) {
    return get([&](const auto& item) { item.wait_until(std::move(stop), time); });
  }

  // Pops what is there at once, as try_pop() has it, at most so many items, and writes them to `out` in their order. Returns how many.
  // Where writing one throws, that one is gone, as in *out++ = *try_pop(); those before it are written, and all others still in the queue.
  template <std::output_iterator<T> Output>
  std::size_t drain(Output out, std::size_t most) {
    std::size_t popped = 0;
    for (; popped < most; ++popped) {
      std::optional<T> item = try_pop();
      if (!item) break;
      *out++ = *std::move(item);
    }
    return popped;
  }

  // So many more of the items that were pushed are done with, in whatever order. Wakes all who wait for that, where it was the last. Throws
  // park::task_done_error, and changes nothing, where there have not been so many.
  void task_done(std::size_t items = 1) {
    if (!ring_.task_done(items)) [[unlikely]]
      detail::throw_task_done();
  }

  // Waits until as many items are done with as have been pushed: returns when it finds that so. Close() changes nothing about it.
  void wait_done() const noexcept {
    if (!ring_.all_done()) ring_.wait_done({});
  }

  // True when all was done with, false on timeout. Zero or less does not wait.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_done_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return ring_.all_done() || all_done().wait_for(timeout);
  }

  // Never false before `time` on Clock; follows the jumps of system_clock, and within a second those of other clocks.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_done_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return ring_.all_done() || all_done().wait_until(time);
  }

  // As their namesakes, and false once a stop is requested of `stop` while not all is done with.
  template <stoppable_token Token>
  [[nodiscard]] bool wait_done(Token stop) const {
    return ring_.all_done() || all_done().wait(std::move(stop));
  }

  template <stoppable_token Token, class Rep, class Period>
  [[nodiscard]] bool wait_done_for(Token stop, const std::chrono::duration<Rep, Period>& timeout) const {
    return ring_.all_done() || all_done().wait_for(std::move(stop), timeout);
  }

  template <stoppable_token Token, class Clock, class Duration>
  [[nodiscard]] bool wait_done_until(Token stop, const std::chrono::time_point<Clock, Duration>& time) const {
    return ring_.all_done() || all_done().wait_until(std::move(stop), time);
  }

  // No more is pushed. Wakes all who wait for what will not come. Does nothing where the queue is closed.
  void close() noexcept { ring_.close(); }

  [[nodiscard]] bool closed() const noexcept { return ring_.closed(); }

  // Items in the queue, those that are being pushed included, those that are being popped not: of about now, where others use it.
  [[nodiscard]] std::size_t size() const noexcept { return ring_.size(); }

  [[nodiscard]] std::size_t capacity() const noexcept { return ring_.capacity(); }

 private:
  using ring = detail::ring<T, Lot>;
  using ticket = typename ring::ticket;
  using finding = detail::finding;
  using limit = detail::wait_limit<Lot>;

  static constexpr auto no_wait = [](const auto&) {};

  static std::size_t checked(std::size_t capacity) {
    if (capacity == 0 || capacity > max_capacity())
      detail::refuse_argument("bounded_queue(capacity): capacity is 0 or above max_capacity()");
    return capacity;
  }

  // wait(w) waits by one of the members of the bounded_wait w.
  template <class Wait, class... Arguments>
  bool put(Wait wait, Arguments&&... arguments) {
    if constexpr (!ring::locked && !std::is_nothrow_constructible_v<T, Arguments...>) {
      return put(wait, T(std::forward<Arguments>(arguments)...));  // what throws does so before there is a ticket
    } else {
      ticket at{};
      finding found =
          ring_.claim_back(at, std::memory_order_acquire);  // acquire: pairs with the store of who emptied the slot
      if (!detail::settled(found)) [[unlikely]] {
        const auto claim = [&, this](limit until) { return detail::settled(found = ring_.wait_back(at, until)); };
        wait(detail::bounded<Lot>(claim, ring_.pushers_address()));
      }
      if (found == finding::something) ring_.fill(at, std::forward<Arguments>(arguments)...);
      return found == finding::something;
    }
  }

  // As the elements of a Range&&, until put() is false.
  template <class Range, class Wait>
  std::size_t put_all(std::remove_reference_t<Range>& range, Wait wait) {
    std::size_t pushed = 0;
    for (auto&& element : range) {
      if (!put(wait, static_cast<detail::taken_from<Range>>(element))) break;
      ++pushed;
    }
    return pushed;
  }

  // The rest of a bounded wait until all is done, after the first look.
  auto all_done() const {
    return detail::bounded<Lot>([this](limit until) { return ring_.wait_done(until); }, ring_.done_address());
  }

  template <class Wait>
  std::optional<T> get(Wait wait) {
    ticket at{};
    finding found =
        ring_.claim_front(at, std::memory_order_acquire);  // acquire: pairs with the store of who filled the slot
    if (!detail::settled(found)) [[unlikely]] {
      const auto claim = [&, this](limit until) { return detail::settled(found = ring_.wait_front(at, until)); };
      wait(detail::bounded<Lot>(claim, ring_.poppers_address()));
    }
    if (found != finding::something) return std::nullopt;
    return ring_.empty(at);
  }

  ring ring_;
};

// A class of its own, as park::latch is.
template <class T>
class bounded_queue : public basic_bounded_queue<T, native_lot> {
 public:
  using basic_bounded_queue<T, native_lot>::basic_bounded_queue;
};

}  // namespace park
