#include "model.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>

#include "checker.hpp"
#include "park/contract.hpp"
#include "park/detail/refuse_argument.hpp"
#include "park/detail/zeros.hpp"
#include "relacy.hpp"

namespace model {
namespace {

constexpr unsigned most_threads = 4;
constexpr std::uint32_t living = 0x600d11fe;

rl::debug_info info(site at) { return {at.function, at.file, at.line}; }

void note(const char* text, site at) {
  rl::context& checker = rl::ctx();
  if (checker.collecting_history()) checker.exec_log_msg(info(at), text);
}

rl::memory_order relacy(std::memory_order order) noexcept {
  switch (order) {
    case std::memory_order_relaxed:
      return rl::mo_relaxed;
    case std::memory_order_consume:
      return rl::mo_consume;
    case std::memory_order_acquire:
      return rl::mo_acquire;
    case std::memory_order_release:
      return rl::mo_release;
    case std::memory_order_acq_rel:
      return rl::mo_acq_rel;
    default:
      return rl::mo_seq_cst;
  }
}

// One step of the running thread: others may run before it, none within it.
class step {
 public:
  step() { rl::ctx().sched(), rl::ctx().disable_preemption(); }
  ~step() { rl::ctx().enable_preemption(); }
};

}  // namespace

// Words.

template <class T>
class atomic<T>::access : step {
 public:
  access(const atomic& word, site at)
      : cell(*std::launder(reinterpret_cast<rl::atomic<T>*>(word.cell_))), where(info(at)) {
    if (word.life_ != living) rl::ctx().fail_test("", rl::test_result_access_to_freed_memory, where);
  }

  rl::atomic<T>& cell;
  const rl::debug_info where;
};

template <class T>
atomic<T>::atomic(T value) noexcept : life_(living) {
  static_assert(sizeof(rl::atomic<T>) <= sizeof cell_);
  rl::ctx().disable_preemption();
  ::new (cell_) rl::atomic<T>(value);
  rl::ctx().enable_preemption();
}

template <class T>
atomic<T>::~atomic() {
  std::destroy_at(std::launder(reinterpret_cast<rl::atomic<T>*>(cell_)));
  life_ = 0;
}

template <class T>
T atomic<T>::load(order how, site at) const noexcept {
  access to(*this, at);
  return to.cell.load(relacy(how), to.where);
}

template <class T>
void atomic<T>::store(T value, order how, site at) noexcept {
  access to(*this, at);
  to.cell.store(value, relacy(how), to.where);
}

template <class T>
T atomic<T>::exchange(T value, order how, site at) noexcept {
  access to(*this, at);
  return to.cell.exchange(value, relacy(how), to.where);
}

template <class T>
T atomic<T>::fetch_add(T value, order how, site at) noexcept {
  access to(*this, at);
  return to.cell.fetch_add(value, relacy(how), to.where);
}

template <class T>
T atomic<T>::fetch_sub(T value, order how, site at) noexcept {
  access to(*this, at);
  return to.cell.fetch_sub(value, relacy(how), to.where);
}

template <class T>
T atomic<T>::fetch_or(T value, order how, site at) noexcept {
  access to(*this, at);
  return to.cell.fetch_or(value, relacy(how), to.where);
}

template <class T>
bool atomic<T>::compare_exchange_weak(T& expected, T desired, order how, order failed, site at) noexcept {
  access to(*this, at);
  return to.cell.compare_exchange_weak(expected, desired, relacy(how), to.where, relacy(failed), to.where);
}

template <class T>
bool atomic<T>::compare_exchange_weak(T& expected, T desired, order how, site at) noexcept {
  access to(*this, at);
  return to.cell.compare_exchange_weak(expected, desired, relacy(how), to.where);
}

template <class T>
bool atomic<T>::compare_exchange_strong(T& expected, T desired, order how, order failed, site at) noexcept {
  access to(*this, at);
  return to.cell.compare_exchange_strong(expected, desired, relacy(how), to.where, relacy(failed), to.where);
}

template class atomic<std::uint32_t>;
template class atomic<std::uint64_t>;

// Data.

datum::datum(int value) noexcept {
  static_assert(sizeof(rl::var<int>) <= sizeof cell_);
  ::new (cell_) rl::var<int>(value);
}

datum::~datum() { std::destroy_at(std::launder(reinterpret_cast<rl::var<int>*>(cell_))); }

int datum::read(site at) const noexcept {
  return (*std::launder(reinterpret_cast<const rl::var<int>*>(cell_)))(info(at)).load();
}

void datum::write(int value, site at) noexcept {
  (*std::launder(reinterpret_cast<rl::var<int>*>(cell_)))(info(at)).store(value);
}

// The lot.

namespace {

// An address that was unparked, or requeued from. Calls of the lot for one address are in one order, in which a park looks at the word with
// the knowledge of all earlier ones of those; and then forgets it again, since it is no fence.
struct place {
  lot::address where;
  std::array<rl::timestamp_t, most_threads> seen;
};

struct sleeper {
  lot::address where;
  bool asleep = false, timed = false, timed_out = false;
};

struct state {
  search how;
  unsigned spurious_left, spins_left;
  unsigned threads, returned, unpark_calls;
  std::uint64_t unparks_asked;
  std::array<sleeper, most_threads> sleepers;
  std::array<place, 16> places;
  std::size_t place_count;
};
state now;

place& place_of(lot::address where) {
  for (std::size_t index = 0; index < now.place_count; ++index) {
    if (now.places[index].where == where) return now.places[index];
  }
  if (now.place_count == now.places.size()) rl::ctx().fail_test("", rl::test_result_inconsistent_test_suite, info({}));
  return now.places[now.place_count++] = {where, {}};
}

void acquire_from(const place& from) {
  rl::timestamp_t* const seen = rl::ctx().threadx_->acq_rel_order_;
  for (unsigned thread = 0; thread < now.threads; ++thread) seen[thread] = std::max(seen[thread], from.seen[thread]);
}

void release_to(place& to) {
  const rl::timestamp_t* const seen = rl::ctx().threadx_->acq_rel_order_;
  for (unsigned thread = 0; thread < now.threads; ++thread) to.seen[thread] = std::max(to.seen[thread], seen[thread]);
}

template <class T>
T read(lot::address where, site at) {
  return static_cast<const atomic<T>*>(where.word)->load(std::memory_order_relaxed, at);
}

// The 32 bits at `where`: any value that the order of unparks there, and nothing else, lets this thread see.
std::uint32_t look(lot::address where, site at) {
  rl::thread_info_base& self = *rl::ctx().threadx_;
  std::array<rl::timestamp_t, most_threads> before{};
  std::copy_n(self.acq_rel_order_, now.threads, before.begin());
  acquire_from(place_of(where));
  using part = lot::address::part;
  const std::uint64_t bits =
      where.which == part::whole ? read<std::uint32_t>(where, at) : read<std::uint64_t>(where, at);
  before[static_cast<unsigned>(self.index_)] = self.own_acq_rel_order_;
  std::copy_n(before.begin(), now.threads, self.acq_rel_order_);
  return static_cast<std::uint32_t>(where.which == part::high ? bits >> 32 : bits);
}

template <class Condition>
unsigned count_sleepers(Condition condition) {
  return static_cast<unsigned>(std::count_if(now.sleepers.begin(), now.sleepers.end(),
                                             [&](const sleeper& each) { return each.asleep && condition(each); }));
}

// Wakes one of the sleepers that meet the condition, of whom there is one.
template <class Condition>
void wake_one(Condition condition, bool timed_out, site at) {
  unsigned left = choose(count_sleepers(condition));
  for (unsigned thread = 0;; ++thread) {
    sleeper& each = now.sleepers[thread];
    if (!each.asleep || !condition(each) || left-- > 0) continue;
    each.asleep = false;
    each.timed_out = timed_out;
    return rl::ctx().unpark_thread(static_cast<rl::thread_id_t>(thread), false, info(at));
  }
}

bool timed(const sleeper& each) { return each.timed; }

unsigned running() {
  return now.threads - now.returned - count_sleepers([](const sleeper&) { return true; });
}

// False when the time came. To be called within a step, so that nobody comes between a look at the word and the sleep.
bool sleep(lot::address where, bool until_some_time, site at) {
  rl::context& checker = rl::ctx();
  if (running() == 1) {  // time passes at the latest when there is nothing else to do
    const unsigned others = count_sleepers(timed);
    if (until_some_time && choose(1 + others) == 0) return false;
    if (others > 0) wake_one(timed, true, at);
  }
  sleeper& self = now.sleepers[static_cast<unsigned>(checker.threadx_->index_)];
  self = {where, true, until_some_time, false};
  const rl::timestamp_t last_yield = checker.threadx_->last_yield_;
  checker.park_current_thread(false, false, false, info(at));
  checker.threadx_->last_yield_ = last_yield;  // a thread that has slept may still read what it could read before
  return !self.timed_out;
}

}  // namespace

unsigned choose(unsigned ways) noexcept { return ways < 2 ? 0 : rl::rand(ways); }

bool searched_at_random() noexcept { return now.how.how == search::kind::random; }

unsigned running_thread() noexcept { return static_cast<unsigned>(rl::ctx().threadx_->index_); }

void check(bool holds, const char* what, site at) noexcept {
  if (!holds) rl::ctx().fail_test(what, rl::test_result_user_assert_failed, info(at));
}

void begin_schedule(search how) {
  const bool random = how.how == search::kind::random;
  now = {};
  now.how = how;
  now.threads = static_cast<unsigned>(rl::ctx().get_thread_count());
  now.spurious_left = random ? 4 : 1;
  now.spins_left = random ? 100 : 1;
}

void thread_returned() {
  ++now.returned;
  if (running() == 0 && count_sleepers(timed) > 0) wake_one(timed, true, site::current());
}

bool lot::park(address where, std::uint32_t value, park::deadline until, site at) noexcept {
  const bool random = now.how.how == search::kind::random;
  if (now.spurious_left > 0 && choose(random ? 8 : 2) == 1) {
    --now.spurious_left;
    return note("park: returns for no reason", at), true;
  }
  if (!until.is_never() && choose(random ? 3 : 2) == 1) return note("park: the time has come", at), false;
  {
    const step alone;
    if (look(where, at) != value) return note("park: the word has changed", at), true;
  }
  note("park: sleeps", at);
  const bool in_time = sleep(where, !until.is_never(), at);
  return note(in_time ? "park: woken" : "park: the time came", at), in_time;
}

void lot::unpark(address where, std::uint32_t count, site at) noexcept {
  const step alone;
  note("unpark", at);
  ++now.unpark_calls;
  now.unparks_asked += count;
  release_to(place_of(where));
  const auto here = [&](const sleeper& each) { return each.where == where; };
  for (; count > 0 && count_sleepers(here) > 0; --count) wake_one(here, false, at);
}

void lot::requeue(address from, std::uint32_t value, address to, site at) noexcept {
  const step alone;
  if (look(from, at) != value) return note("requeue: the word has changed", at);
  release_to(place_of(from));
  const bool wakes = now.how.how == search::kind::random && choose(8) == 1;
  note(wakes ? "requeue: wakes" : "requeue", at);
  const auto there = [&](const sleeper& each) { return each.where == from; };
  while (count_sleepers(there) > 0) {
    if (wakes) {
      wake_one(there, false, at);
    } else {
      std::find_if(now.sleepers.begin(), now.sleepers.end(), [&](const sleeper& each) {
        return each.asleep && there(each);
      })->where = to;
    }
  }
}

// Lets each of the others take two steps; with one, a search of all schedules finds no end to loops of three.
void lot::yield(site at) noexcept { rl::ctx().yield(2, info(at)); }

lot::backoff::backoff(park::deadline, std::uint32_t) noexcept : polls_(0) {
  if (now.spins_left > 0 && choose(2) == 1) --now.spins_left, polls_ = 1;
}

unsigned lot::unpark_calls() noexcept { return now.unpark_calls; }
std::uint64_t lot::unparks_asked() noexcept { return now.unparks_asked; }

}  // namespace model

namespace park {

// The library's own would end the program; here it ends the schedule.
void contract_violation(const char* what) noexcept {
  rl::ctx().fail_test(what, rl::test_result_user_assert_failed, {});
  std::abort();
}

void detail::refuse_argument(const char* what) { contract_violation(what); }
void detail::throw_bad_alloc() { contract_violation("no memory"); }

}  // namespace park
