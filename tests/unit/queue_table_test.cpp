// park::detail::queue_table: the hash table of the hashed lot, by itself.
#include "park/detail/queue_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/sanitizers.hpp"

namespace {

struct node {
  std::uint64_t where;
  node* next = nullptr;
  int taken = 0;
};

// Begins with one bucket; an address is its own hash; memory is what the test grants.
struct platform {
  using address = std::uint64_t;
  using sleeper = node;
  using mutex = std::mutex;
  template <class T>
  using atomic = std::atomic<T>;
  template <class T>
  using datum = T;

  static constexpr int first_bits = 0;

  static std::uint64_t hash(address where) noexcept { return where; }
  static void* memory(std::size_t size) noexcept {
    if (tables_granted == 0) return nullptr;
    --tables_granted;
    memories->push_back({static_cast<std::byte*>(::operator new(size, alignment)), &free});
    return memories->back().get();
  }

  static constexpr std::align_val_t alignment{64};
  static void free(void* memory) { ::operator delete(memory, alignment); }

  static inline int tables_granted = 0;
  static inline std::vector<std::unique_ptr<std::byte, void (*)(void*)>>* memories = nullptr;
};

class queue_table : public testing::Test {
 protected:
  using table = park::detail::queue_table<platform>;

  queue_table() {
    platform::tables_granted = 100;
    platform::memories = &memories_;
  }

  void push(node& sleeper) { table::locked(all, sleeper.where)->push(sleeper); }
  bool remove(const node& sleeper) { return table::locked(all, sleeper.where)->remove(sleeper); }
  node* take(std::uint64_t where, std::uint32_t count) { return table::locked(all, where)->take(where, count); }
  void grow_to(std::size_t size) {
    all.grow_until([&] { return all.size() >= size; });
  }

  table all;

 private:
  std::vector<std::unique_ptr<std::byte, void (*)(void*)>> memories_;
};

constexpr std::uint64_t top_bit = std::uint64_t{1} << 63;

TEST_F(queue_table, takes_the_oldest_of_an_address_first_and_no_others) {
  for (const std::size_t size : {1u, 2u, 8u}) {
    grow_to(size);
    node first{1}, other{2}, second{1}, third{1};
    for (node* each : {&first, &other, &second, &third}) push(*each);
    EXPECT_EQ(nullptr, take(1, 0));
    node* const two = take(1, 2);
    EXPECT_EQ(&first, two);
    EXPECT_EQ(&second, first.next);
    EXPECT_EQ(nullptr, second.next);
    EXPECT_EQ(&third, take(1, 100));
    EXPECT_EQ(nullptr, take(1, 100));
    EXPECT_EQ(&other, take(2, 1));
    EXPECT_EQ(nullptr, other.next);
  }
}

TEST_F(queue_table, removes_the_first_the_last_and_one_between) {
  std::array<node, 3> three{{{1}, {1}, {1}}};
  for (std::size_t gone = 0; gone < three.size(); ++gone) {
    for (node& each : three) push(each);
    EXPECT_TRUE(remove(three[gone]));
    EXPECT_FALSE(remove(three[gone]));
    node another{1};
    push(another);  // the end of the queue is where it should be
    int left = 0;
    for (const node* each = take(1, 100); each != nullptr; each = each->next) {
      EXPECT_NE(&three[gone], each);
      ++left;
    }
    EXPECT_EQ(3, left);
  }
}

TEST_F(queue_table, grows_around_those_who_sleep) {
  constexpr std::size_t addresses = 3000;
  std::vector<node> early(addresses), late(addresses);
  for (std::size_t each = 0; each < addresses; ++each) {
    early[each].where = late[each].where = each * (top_bit / addresses * 2);
    push(early[each]);
    if (each % 100 == 0) grow_to(each);
  }
  EXPECT_GE(all.size(), addresses - 100);
  for (node& each : late) push(each);
  grow_to(2 * all.size());
  for (std::size_t each = 0; each < addresses; ++each) {
    EXPECT_EQ(&early[each], take(early[each].where, 1));
    EXPECT_EQ(&late[each], take(late[each].where, 1));
    EXPECT_EQ(nullptr, take(late[each].where, 1));
  }
}

TEST_F(queue_table, keeps_the_order_of_an_address_when_it_grows) {
  node first{top_bit}, other{0}, second{top_bit};
  for (node* each : {&first, &other, &second}) push(*each);
  grow_to(4);
  EXPECT_EQ(&first, take(top_bit, 100));
  EXPECT_EQ(&second, first.next);
  EXPECT_EQ(&other, take(0, 100));
}

TEST_F(queue_table, goes_on_as_it_is_without_memory) {
  platform::tables_granted = 1;
  node one{1};
  push(one);
  grow_to(8);
  EXPECT_EQ(2u, all.size());
  EXPECT_EQ(&one, take(1, 1));
  push(one);
  platform::tables_granted = 100;
  grow_to(8);
  EXPECT_EQ(8u, all.size());
  EXPECT_EQ(&one, take(1, 1));
}

TEST_F(queue_table, forgets_sleepers_and_locks) {
  grow_to(4);
  node lost{0}, found{0};
  push(lost);
  alignas(table::locked) std::byte memory[sizeof(table::locked)];
  ::new (memory) table::locked(all, 0);  // never unlocked, as by a thread that is not there
  all.forget();
  push(found);
  EXPECT_EQ(&found, take(0, 100));
  EXPECT_EQ(nullptr, found.next);
  grow_to(16);
  EXPECT_EQ(16u, all.size());
}

// Each pusher has an address of its own and removes what it has pushed, unless the one that takes at all addresses was there before. The
// table grows ten times, at each tenth of their work.
TEST_F(queue_table, grows_beside_those_who_push_remove_and_take) {
  constexpr int pushers = 3;
  const int rounds = support::scaled(20'000);
  const auto address_of = [](int index) { return static_cast<std::uint64_t>(index) * (top_bit / 2); };
  std::atomic<int> pushed{0}, running{pushers}, taken{0}, removed{0};
  support::crew crew(pushers, [&](int index) {
    std::vector<node> nodes(static_cast<std::size_t>(rounds), node{address_of(index)});
    for (node& each : nodes) {
      ++pushed;
      push(each);
      if (remove(each)) ++removed;
    }
    --running;
    support::eventually(
        [&] { return running == 0 && taken + removed == pushers * rounds; });  // then nobody looks at them
  });
  crew.add([&] {
    while (running > 0) {
      for (int index = 0; index < pushers; ++index) {
        for (const node* each = take(address_of(index), 100); each != nullptr; each = each->next) ++taken;
      }
    }
  });
  for (int step = 1; step <= 10; ++step) {
    support::eventually([&] { return pushed >= pushers * rounds / 11 * step; });
    grow_to(std::size_t{1} << step);
  }
  crew.join();
  EXPECT_EQ(1024u, all.size());
}

// Two who want to grow at once: one does, for both.
TEST_F(queue_table, grows_for_all_who_ask) {
  for (std::size_t size = 4; size <= 256; size *= 4) {
    std::atomic<std::size_t> wanted{0};
    support::crew crew(2, [&](int) {
      wanted += size / 2;
      all.grow_until([&] { return all.size() >= wanted; });
    });
    crew.join();
    EXPECT_GE(all.size(), size);
  }
}

}  // namespace
