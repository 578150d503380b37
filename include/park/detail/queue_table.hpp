// The hash table of the hashed lot: queues of sleepers by address, in buckets that multiply as threads do.
//
// A bucket is a lock and a queue of sleepers, oldest first, of all the addresses that hash to it. To grow, a table twice as large or
// more is linked behind the current one, and the old buckets move there one by one, each under its own lock; then the new table is
// made the current one. No thread ever holds two locks, and no growth stops more than one bucket at a time.
//
// Why an address has one queue at any moment: its home is in the first table, from the current one on, whose bucket for it has not
// moved. A bucket is marked as moved under its own lock, by the one step that empties it, and never unmarked; so who holds the lock of
// a bucket without the mark holds all the queue, and who finds the mark goes on to the next table.
// Why the move needs no lock in the new table: new buckets are made of the high bits of the same hash, so that each gets sleepers of one
// old bucket alone, and until that one is marked nobody looks there.
// Why all see what was moved: the mark is read under the lock that it was written under. Who begins at the new table has loaded its
// address with acquire, which pairs with the release by which it became current, after the last move. By the same two ways a park sees a
// word's change if the unpark that came with it has already left a queue: locks and moves hand it on.
// Old tables stay, since a thread may be on its way to a lock there for as long as it likes: all of them together are smaller than the
// current one. Where there is no memory for a larger table, the current one goes on.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace park::detail {

// `Platform` is what the model checker replaces:
//
//   address, sleeper           what is looked for, and a node with the members `where` and `next`, which the queue guards
//   mutex, atomic<T>           from the standard library
//   datum<T>                   T; guarded by a lock, or written before it is published
//   hash(address)              64 bits, the high ones mixed best
//   memory(size)               zeros, or null
template <class Platform>
class queue_table {
  template <class T>
  using atomic = typename Platform::template atomic<T>;
  template <class T>
  using datum = typename Platform::template datum<T>;

 public:
  using address = typename Platform::address;
  using sleeper = typename Platform::sleeper;

  static constexpr std::size_t first_size = std::size_t{1} << Platform::first_bits;

  class alignas(64) bucket {
   public:
    void push(sleeper& newest) noexcept {
      newest.next = nullptr;
      if (sleeper* const last = last_; last != nullptr) {
        last->next = &newest;
      } else {
        first_ = &newest;
      }
      last_ = &newest;
    }

    // False when an unpark has taken it already.
    bool remove(const sleeper& gone) noexcept {
      return each([&](sleeper& one) { return &one == &gone ? pick::last : pick::not_this; }, [](sleeper&) {});
    }

    // The oldest `count` sleepers at `where`, as a list.
    sleeper* take(address where, std::uint32_t count) noexcept {
      sleeper* first = nullptr;
      sleeper* last = nullptr;
      if (count == 0) return first;
      each([&](sleeper& one) { return one.where != where ? pick::not_this
                                      : --count == 0     ? pick::last
                                                         : pick::more; },
           [&](sleeper& one) {
             if (last != nullptr) {
               last->next = &one;
             } else {
               first = &one;
             }
             last = &one;
           });
      return first;
    }

   private:
    friend class queue_table;
    enum class pick : std::uint8_t { not_this, more, last };

    // Unlinks the sleepers that `choose` picks and hands them to `use`, the oldest first. True when the last has been found.
    template <class Choose, class Use>
    bool each(Choose choose, Use use) noexcept {
      sleeper* before = nullptr;
      for (sleeper *one = first_, *next = nullptr; one != nullptr; one = next) {
        next = one->next;
        const pick chosen = choose(*one);
        if (chosen == pick::not_this) {
          before = one;
          continue;
        }
        if (before != nullptr) {
          before->next = next;
        } else {
          first_ = next;
        }
        if (next == nullptr) last_ = before;
        one->next = nullptr;
        use(*one);
        if (chosen == pick::last) return true;
      }
      return false;
    }

    typename Platform::mutex mutex_;
    datum<sleeper*> first_{nullptr};
    datum<sleeper*> last_{nullptr};
    datum<bool> moved_{false};  // to the next table, for good
  };

  // A table: what memory() is asked for, with its buckets behind it.
  struct generation {
    datum<int> bits;
    datum<generation*> next;  // written once, before the first bucket is marked
    bucket* buckets;
  };

  // The bucket that is the home of an address, locked.
  class locked {
   public:
    locked(queue_table& all, address where) noexcept : home_(all.lock(where)) {}
    locked(const locked&) = delete;
    locked& operator=(const locked&) = delete;
    ~locked() { home_.mutex_.unlock(); }

    bucket* operator->() const noexcept { return &home_; }

   private:
    bucket& home_;
  };

  constexpr queue_table() noexcept : first_{Platform::first_bits, nullptr, first_buckets_}, current_(&first_) {}
  queue_table(const queue_table&) = delete;
  queue_table& operator=(const queue_table&) = delete;

  // Of the current table.
  std::size_t size() const noexcept { return std::size_t{1} << current_.load(std::memory_order_acquire)->bits; }

  // Grows until `enough()`, unless another thread is at it, which then looks whether it is enough when it has done.
  template <class Enough>
  void grow_until(Enough enough) noexcept {
    while (!enough()) {
      // acquire: what the last to grow did. release: where another is at it, this thread's demand, which that one must see.
      if (growing_.exchange(1, std::memory_order_acq_rel) != 0) return;
      const bool grown = enough() || grow();
      // release: what this thread did. acquire, and so no store: the demand of those who have found it at it; enough() is asked again.
      growing_.exchange(0, std::memory_order_acq_rel);
      if (!grown) return;
    }
  }

  // In the child of a fork, which has no other thread: nobody sleeps, and nobody holds a lock.
  void forget() noexcept {
    generation& all = *current_.load(std::memory_order_relaxed);
    for (std::size_t index = 0; index < std::size_t{1} << all.bits; ++index) ::new (&all.buckets[index]) bucket;
    all.next = nullptr;
    growing_.store(0, std::memory_order_relaxed);
  }

 private:
  static bucket& bucket_of(const generation& in, std::uint64_t hash) noexcept {
    return in.buckets[in.bits == 0 ? 0 : hash >> (64 - in.bits)];
  }

  bucket& lock(address where) noexcept {
    const std::uint64_t hash = Platform::hash(where);
    generation* in = current_.load(std::memory_order_acquire);  // acquire: pairs with the release in grow()
    for (;;) {
      bucket& home = bucket_of(*in, hash);
      home.mutex_.lock();
      if (!home.moved_) return home;
      home.mutex_.unlock();
      in = in->next;
    }
  }

  // By one thread at a time.
  bool grow() noexcept {
    generation& old = *current_.load(std::memory_order_relaxed);  // relaxed: growing_ hands it on
    generation* const larger = make(old.bits + 1);
    if (larger == nullptr) return false;
    old.next = larger;
    for (std::size_t index = 0; index < std::size_t{1} << old.bits; ++index) move(old.buckets[index], *larger);
    current_.store(larger, std::memory_order_release);
    return true;
  }

  static void move(bucket& from, const generation& to) noexcept {
    from.mutex_.lock();
    for (sleeper *one = from.first_, *next = nullptr; one != nullptr; one = next) {
      next = one->next;
      bucket_of(to, Platform::hash(one->where)).push(*one);
    }
    from.first_ = nullptr;
    from.last_ = nullptr;
    from.moved_ = true;
    from.mutex_.unlock();
  }

  static generation* make(int bits) noexcept {
    const std::size_t size = std::size_t{1} << bits;
    static_assert(sizeof(generation) <= sizeof(bucket));
    auto* const memory = static_cast<std::byte*>(Platform::memory((1 + size) * sizeof(bucket)));
    if (memory == nullptr) return nullptr;
    auto* const buckets = reinterpret_cast<bucket*>(memory + sizeof(bucket));
    for (std::size_t index = 0; index < size; ++index) ::new (&buckets[index]) bucket;
    return ::new (memory) generation{bits, nullptr, buckets};
  }

  bucket first_buckets_[first_size];
  generation first_;
  atomic<generation*> current_;
  atomic<std::uint32_t> growing_{0};
};

}  // namespace park::detail
