#include <atomic>
#include <cstddef>
#include <cstdint>

#include "immortal.hpp"
#include "lot/constant_mutex.hpp"
#include "lot/fork.hpp"
#include "lot/memory.hpp"
#include "lot/parker.hpp"
#include "lot/parker_pool.hpp"
#include "lot/uncancelled.hpp"
#include "park/detail/queue_table.hpp"
#include "park/hashed_lot.hpp"

namespace park {
namespace {

using detail::immortal;
using detail::parker;
using address = hashed_lot::address;

struct platform {
  using address = hashed_lot::address;
  using sleeper = parker;
  using mutex = detail::constant_mutex;
  template <class T>
  using atomic = detail::lot_atomic<T>;
  template <class T>
  using datum = T;

  static constexpr int first_bits = 6;

  static std::uint64_t hash(address where) noexcept {
    constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // Knuth's multiplicative hash: the high bits mix best
    return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(where.word)) * golden_ratio;
  }

  static void* memory(std::size_t size) noexcept { return detail::fresh_memory(size); }
};
using table = detail::queue_table<platform>;

// Threads may park and unpark before and after the life of the program's static objects.
constinit immortal<table> all;
constinit immortal<detail::parker_pool> parkers;

void forget_other_threads() noexcept {
  parkers.value.forget();
  all.value.forget();
}

[[maybe_unused]] const bool fork_is_handled = (detail::in_fork_child([] { forget_other_threads(); }), true);

// A parker on loan, for one call of park.
class lent_parker {
 public:
  lent_parker() noexcept : lent_(parkers.value.take()) {}
  lent_parker(const lent_parker&) = delete;
  lent_parker& operator=(const lent_parker&) = delete;
  ~lent_parker() {
    if (lent_ != nullptr) parkers.value.give_back(*lent_);
  }

  parker* get() const noexcept { return lent_; }

 private:
  parker* const lent_;
};

std::uint32_t load(address where) noexcept {
  // relaxed: a change made before an unpark that has already left the queue is visible through its lock; one whose unpark is still
  // to come finds this thread in the queue.
  if (where.which == address::part::whole) {
    return static_cast<const hashed_lot::atomic<std::uint32_t>*>(where.word)->load(std::memory_order_relaxed);
  }
  const auto both = static_cast<const hashed_lot::atomic<std::uint64_t>*>(where.word)->load(std::memory_order_relaxed);
  return static_cast<std::uint32_t>(where.which == address::part::low ? both : both >> 32);
}

// Three buckets for each thread that may sleep, so that few share one.
bool is_large_enough() noexcept { return all.value.size() >= std::size_t{3} * parkers.value.made(); }

}  // namespace

bool hashed_lot::park(address where, std::uint32_t value, deadline until) noexcept {
  const detail::uncancelled guard;  // the wait on a condition variable is a cancellation point
  const lent_parker lent;
  parker* const self = lent.get();
  if (self == nullptr) {  // no memory: the caller looks again, and so do we
    yield();
    return until.is_never() || !until.passed();
  }
  all.value.grow_until(is_large_enough);
  self->prepare(where);
  {
    const table::locked home(all.value, where);
    if (load(where) != value) return true;
    home->push(*self);
  }
  if (self->wait_until(until)) return true;
  {
    const table::locked home(all.value, where);
    if (home->remove(*self)) return false;
  }
  self->wait();  // an unpark took this thread as its time ran out: the wake was spent on it, and is on its way
  return true;
}

void hashed_lot::unpark(address where, std::uint32_t count) noexcept {
  parker* taken = nullptr;
  {
    const table::locked home(all.value, where);
    taken = home->take(where, count);
  }
  while (taken != nullptr) {
    parker* const next = taken->next;  // read first: once woken, it is the pool's to lend again
    taken->wake();
    taken = next;
  }
}

std::size_t hashed_lot::buckets() noexcept { return all.value.size(); }

}  // namespace park
