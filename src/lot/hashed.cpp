#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "park/hashed_lot.hpp"

namespace park {
namespace {

using address = hashed_lot::address;

// One parked thread. On its stack; in its bucket's queue from enqueue to either remove, by the thread itself after a timeout, or
// take, by an unpark, which then owes it exactly one wake.
class sleeper {
 public:
  explicit sleeper(address where) noexcept : where_(where) {}

  address where() const noexcept { return where_; }

  void wait() {
    std::unique_lock lock(mutex_);
    wakeup_.wait(lock, [this] { return awake_; });
  }

  // False when the time has come and no wake has.
  template <class Clock>
  bool wait_until(std::chrono::nanoseconds since_epoch) {
    using time_point = std::chrono::time_point<Clock>;
    const time_point time(std::chrono::ceil<typename Clock::duration>(since_epoch));
    std::unique_lock lock(mutex_);
    return wakeup_.wait_until(lock, time, [this] { return awake_; });
  }

  // Notifies under the mutex: the sleeper, and this object with it, can be gone as soon as the mutex is free.
  void wake() {
    const std::lock_guard lock(mutex_);
    awake_ = true;
    wakeup_.notify_one();
  }

  sleeper* next = nullptr;  // guarded by the bucket; then by the unpark that took it

 private:
  const address where_;
  std::mutex mutex_;
  std::condition_variable wakeup_;
  bool awake_ = false;  // guarded by mutex_
};

// A queue of sleepers, oldest first, of all the addresses that hash here.
class alignas(64) bucket {
 public:
  std::mutex mutex;

  void enqueue(sleeper& newest) noexcept {
    *end_ = &newest;
    end_ = &newest.next;
  }

  // False when an unpark has taken it already.
  bool remove(const sleeper& gone) noexcept {
    for (sleeper** link = &first_; *link != nullptr; link = &(*link)->next) {
      if (*link != &gone) continue;
      unlink(link);
      return true;
    }
    return false;
  }

  // The oldest `count` sleepers at `where`, as a list.
  sleeper* take(address where, std::uint32_t count) noexcept {
    sleeper* taken = nullptr;
    sleeper** taken_end = &taken;
    for (sleeper** link = &first_; *link != nullptr && count > 0;) {
      if ((*link)->where() != where) {
        link = &(*link)->next;
        continue;
      }
      *taken_end = unlink(link);
      taken_end = &(*taken_end)->next;
      --count;
    }
    return taken;
  }

 private:
  sleeper* unlink(sleeper** link) noexcept {
    sleeper* const out = *link;
    *link = out->next;
    if (*link == nullptr) end_ = link;
    out->next = nullptr;
    return out;
  }

  sleeper* first_ = nullptr;
  sleeper** end_ = &first_;
};

// Never destroyed: threads may park and unpark before and after the life of the program's static objects.
union bucket_table {
  static constexpr int bits = 8;

  constexpr bucket_table() noexcept : buckets{} {}
  ~bucket_table() {}

  std::array<bucket, std::size_t{1} << bits> buckets;
};
constinit bucket_table table;

bucket& bucket_of(address where) noexcept {
  constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // Knuth's multiplicative hash: the high bits mix best
  const auto key = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(where.word));
  return table.buckets[static_cast<std::size_t>((key * golden_ratio) >> (64 - bucket_table::bits))];
}

std::uint32_t load(address where) noexcept {
  // relaxed: a change made before an unpark that has already left the bucket is visible through the bucket's mutex; one whose
  // unpark is still to come finds this thread in the queue.
  if (where.which == address::part::whole) {
    return static_cast<const std::atomic<std::uint32_t>*>(where.word)->load(std::memory_order_relaxed);
  }
  const auto both = static_cast<const std::atomic<std::uint64_t>*>(where.word)->load(std::memory_order_relaxed);
  return static_cast<std::uint32_t>(where.which == address::part::low ? both : both >> 32);
}

bool sleep(sleeper& self, deadline until) {
  if (until.is_never()) return self.wait(), true;
  if (until.which() == deadline::clock::steady) {
    return self.wait_until<std::chrono::steady_clock>(until.since_epoch());
  }
  return self.wait_until<std::chrono::system_clock>(until.since_epoch());
}

}  // namespace

bool hashed_lot::park(address where, std::uint32_t value, deadline until) noexcept {
  bucket& home = bucket_of(where);
  sleeper self(where);
  {
    const std::lock_guard lock(home.mutex);
    if (load(where) != value) return true;
    home.enqueue(self);
  }
  if (sleep(self, until)) return true;
  {
    const std::lock_guard lock(home.mutex);
    if (home.remove(self)) return false;
  }
  self.wait();  // an unpark took this thread as its time ran out: the wake was spent on it, and is on its way
  return true;
}

void hashed_lot::unpark(address where, std::uint32_t count) noexcept {
  bucket& home = bucket_of(where);
  sleeper* taken = nullptr;
  {
    const std::lock_guard lock(home.mutex);
    taken = home.take(where, count);
  }
  while (taken != nullptr) {
    sleeper* const next = taken->next;  // read first: wake ends the sleeper's life
    taken->wake();
    taken = next;
  }
}

}  // namespace park
