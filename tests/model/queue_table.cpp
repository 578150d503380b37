// The hash table of the hashed lot, as it grows. Threads park in it as in the lot itself; their parkers are as plain as can be.
#include "park/detail/queue_table.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

#include "model.hpp"
#include "scenario.hpp"

namespace {

using namespace model;
using word = model::atomic<std::uint32_t>;
using park::deadline;

// A variable whose every access the checker sees.
template <class T>
class seen {
 public:
  seen(T value) noexcept : value_(value) {}
  operator T() const noexcept { return accesses_.read(), value_; }
  T operator->() const noexcept { return *this; }
  seen& operator=(T value) noexcept {
    accesses_.write(0);
    value_ = value;
    return *this;
  }

 private:
  model::datum accesses_;
  T value_;
};

// std::atomic<T*>.
template <class Pointer>
class atomic_pointer {
 public:
  atomic_pointer(Pointer value) noexcept : bits_(reinterpret_cast<std::uintptr_t>(value)) {}
  Pointer load(std::memory_order how) const noexcept { return reinterpret_cast<Pointer>(bits_.load(how)); }
  void store(Pointer value, std::memory_order how) noexcept {
    bits_.store(reinterpret_cast<std::uintptr_t>(value), how);
  }

 private:
  model::atomic<std::uint64_t> bits_;
};

// 0 free, 1 locked, 2 locked and perhaps somebody sleeps.
class mutex {
 public:
  void lock() noexcept {
    std::uint32_t expected = 0;
    if (state_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed)) return;
    while (state_.exchange(2, std::memory_order_acquire) != 0) lot::park(lot::whole(state_), 2, deadline::never());
  }
  void unlock() noexcept {
    if (state_.exchange(0, std::memory_order_release) == 2) lot::unpark(lot::whole(state_), 1);
  }

 private:
  word state_{0};
};

// A word and its hash: the scenario's choice.
struct place {
  const word* where;
  std::uint64_t hash;

  friend bool operator==(const place&, const place&) noexcept = default;
};

struct parker {
  place where;
  seen<parker*> next{nullptr};
  word awake{0};
};

struct platform {
  using address = place;
  using sleeper = parker;
  using mutex = ::mutex;
  template <class T>
  using atomic = std::conditional_t<std::is_pointer_v<T>, atomic_pointer<T>, model::atomic<std::uint32_t>>;
  template <class T>
  using datum = seen<T>;

  static constexpr int first_bits = 0;

  static std::uint64_t hash(const place& of) noexcept { return of.hash; }
  static void* memory(std::size_t size) noexcept;
};
using table = park::detail::queue_table<platform>;

// What a schedule's tables lie in.
alignas(64) std::byte memory[4][8192];
std::size_t tables_made = 0;
std::size_t buckets_made[4];

void* platform::memory(std::size_t size) noexcept {
  check(size <= sizeof ::memory[0] && tables_made < 4, "there is memory");
  buckets_made[tables_made] = size / sizeof(table::bucket) - 1;
  return ::memory[tables_made++];
}

constexpr std::uint64_t high_half = std::uint64_t{1} << 63;

class parks : public scenario {
 public:
  parks() { tables_made = 0; }
  ~parks() override {
    for (std::size_t index = 0; index < tables_made; ++index) {
      auto* const buckets = reinterpret_cast<table::bucket*>(::memory[index] + sizeof(table::bucket));
      std::destroy_n(buckets, buckets_made[index]);
      std::destroy_at(reinterpret_cast<table::generation*>(::memory[index]));
    }
  }

 protected:
  // As hashed_lot::park and unpark.
  bool park(place where, std::uint32_t value, bool timed = false) {
    parker self{where};
    {
      const table::locked home(all_, where);
      if (where.where->load(std::memory_order_relaxed) != value) return true;
      home->push(self);
    }
    const deadline until = timed ? deadline::at(some_time()) : deadline::never();
    if (wait(self, until)) return true;
    {
      const table::locked home(all_, where);
      if (home->remove(self)) return false;
    }
    return wait(self, deadline::never());
  }

  void unpark(place where, std::uint32_t count) {
    parker* taken = nullptr;
    {
      const table::locked home(all_, where);
      taken = home->take(where, count);
    }
    while (taken != nullptr) {
      parker* const next = taken->next;
      const auto sleeper = lot::whole(taken->awake);
      taken->awake.store(1, std::memory_order_release);
      lot::unpark(sleeper, 1);
      taken = next;
    }
  }

  void grow_to(std::size_t size) {
    all_.grow_until([&] { return all_.size() >= size; });
  }

  // A thread that waits for `what` to be set, and sees what came before; and the one that sets it.
  void wait_for(word& what, place where) {
    while (what.load(std::memory_order_acquire) == 0) park(where, 0);
  }
  void set(word& what, place where) {
    what.store(1, std::memory_order_release);
    unpark(where, 1);
  }

  table all_;

 private:
  static bool wait(parker& self, deadline until) {
    while (self.awake.load(std::memory_order_acquire) == 0) {
      if (!lot::park(lot::whole(self.awake), 0, until)) return self.awake.load(std::memory_order_acquire) != 0;
    }
    return true;
  }
};

class wakes : public parks {
  void thread(unsigned index) override {
    if (index == 0) {
      set(word_, here_);
    } else {
      wait_for(word_, here_);
    }
  }

  word word_{0};
  const place here_{&word_, high_half};
};

class wakes_while_it_grows : public parks {
  void thread(unsigned index) override {
    if (index == 0) set(word_, here_);
    if (index == 1) wait_for(word_, here_);
    if (index == 2) grow_to(2);
  }

  word word_{0};
  const place here_{&word_, high_half};
};

// The waiter grows the table itself, as a thread does before it parks.
class grows_and_parks : public parks {
  void thread(unsigned index) override {
    if (index == 0) return set(word_, here_);
    grow_to(2);
    wait_for(word_, here_);
  }

  word word_{0};
  const place here_{&word_, high_half};
};

// Two sleepers of one bucket, which has become two when the second is woken.
class wakes_the_right_one : public parks {
  void thread(unsigned index) override {
    if (index == 0) {
      set(words_[1], places_[1]);
      grow_to(4);
      set(words_[0], places_[0]);
    } else {
      wait_for(words_[index - 1], places_[index - 1]);
    }
  }

  word words_[2]{0, 0};
  const place places_[2]{{&words_[0], 0}, {&words_[1], high_half}};
};

// The time comes as the table grows and an unpark takes the sleeper.
class times_out_while_it_grows : public parks {
  void thread(unsigned index) override {
    if (index == 0) return set(word_, here_);
    if (index == 2) return grow_to(2);
    static_cast<void>(park(here_, 0, true));
  }

  void after() override {
    table::locked home(all_, here_);
    check(home->take(here_, 1) == nullptr, "nobody is left in the queue");
  }

  word word_{0};
  const place here_{&word_, high_half};
};

// Each wants two buckets more; whoever comes second may leave it to the first.
class grows_for_all_who_ask : public parks {
  void thread(unsigned) override {
    wanted_.fetch_add(2, std::memory_order_relaxed);
    all_.grow_until([this] { return all_.size() >= wanted_.load(std::memory_order_relaxed); });
  }

  void after() override { check(all_.size() >= 4, "it has grown for both"); }

  word wanted_{0};
};

const model::table entries({
    {"queue_table.wakes", 2, {random(20000), bounded(3)}, make<wakes>},
    {"queue_table.grows_and_parks", 2, {random(50000), bounded(3)}, make<grows_and_parks>},
    {"queue_table.grows_for_all_who_ask", 2, {random(50000), bounded(3)}, make<grows_for_all_who_ask>},
    {"queue_table.wakes_while_it_grows", 3, {random(200000)}, make<wakes_while_it_grows>},
    {"queue_table.wakes_the_right_one", 3, {random(100000)}, make<wakes_the_right_one>},
    {"queue_table.times_out_while_it_grows", 3, {random(200000)}, make<times_out_while_it_grows>},
});

}  // namespace
