// park::bounded_queue: one test per sentence of its contract. What many threads make of it: bounded_queue_exchange_test. Who is woken, and
// by what: bounded_queue_waking_test. Its timed and stoppable waits: timeout_test, stop_test.
#include "park/bounded_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class bounded_queue : public testing::Test {
 protected:
  template <class T>
  using of = park::basic_bounded_queue<T, Lot>;
  using pointer = std::unique_ptr<int>;
  using boxes = of<pointer>;

  // Every way to push, and to pop.
  static std::vector<std::function<bool(boxes&, pointer&)>> pushes() {
    const auto soon = [] { return std::chrono::steady_clock::now() + 1h; };
    return {[](boxes& into, pointer& it) { return into.push(std::move(it)); },
            [](boxes& into, pointer& it) { return into.emplace(std::move(it)); },
            [](boxes& into, pointer& it) { return into.try_push(std::move(it)); },
            [](boxes& into, pointer& it) { return into.try_emplace(std::move(it)); },
            [](boxes& into, pointer& it) { return into.push_for(std::move(it), 1h); },
            [=](boxes& into, pointer& it) { return into.push_until(std::move(it), soon()); },
            [](boxes& into, pointer& it) { return into.push(std::move(it), std::stop_token()); },
            [](boxes& into, pointer& it) { return into.push_for(std::move(it), std::stop_token(), 1h); },
            [=](boxes& into, pointer& it) { return into.push_until(std::move(it), std::stop_token(), soon()); }};
  }
  template <class T>
  static std::vector<std::function<std::optional<T>(of<T>&)>> pops() {
    const auto soon = [] { return std::chrono::system_clock::now() + 1h; };
    return {[](of<T>& from) { return from.pop(); },
            [](of<T>& from) { return from.try_pop(); },
            [](of<T>& from) { return from.pop_for(1h); },
            [=](of<T>& from) { return from.pop_until(soon()); },
            [](of<T>& from) { return from.pop(std::stop_token()); },
            [](of<T>& from) { return from.pop_for(std::stop_token(), 1h); },
            [=](of<T>& from) { return from.pop_until(std::stop_token(), soon()); }};
  }
};
TYPED_TEST_SUITE(bounded_queue, support::lots, support::by_name);

// Counts its objects, and its copies.
struct counted {
  static inline std::atomic<int> living{0}, copies{0};

  explicit counted(int number) noexcept : value(number) { ++living; }
  counted(const counted& other) : value(other.value) { ++living, ++copies; }
  counted(counted&& other) noexcept : value(std::exchange(other.value, -1)) { ++living; }
  counted& operator=(const counted&) = delete;
  ~counted() { --living; }

  int value;
};

// Throws when it is moved or copied so many times more.
struct moody {
  static inline std::atomic<int> until_throw{-1}, living{0};

  explicit moody(int number) : value(number) { ++living; }
  moody(const moody& other) : value(throwing(other.value)) { ++living; }
  moody(moody&& other) : value(throwing(other.value)) { ++living; }
  moody& operator=(const moody&) = delete;
  ~moody() { --living; }

  static int throwing(int number) {
    if (until_throw-- == 0) throw std::runtime_error("moody");
    return number;
  }

  int value;
};

// The same, but moves without a throw.
struct moody_copy : moody {
  using moody::moody;
  moody_copy(const moody_copy&) = default;
  moody_copy(moody_copy&& other) noexcept : moody(other.value) {}
};

TYPED_TEST(bounded_queue, is_first_in_first_out_on_every_lap_whatever_its_capacity) {
  for (const std::size_t capacity : {1U, 2U, 3U, 5U, 8U, 13U}) {
    typename TestFixture::template of<std::size_t> queue(capacity);
    EXPECT_EQ(capacity, queue.capacity());
    std::size_t in = 0, out = 0;
    for (int lap = 0; lap < 20; ++lap) {
      for (const std::size_t fill : {capacity, (capacity + 1) / 2}) {
        for (std::size_t each = 0; each < fill; ++each) {
          EXPECT_EQ(each, queue.size());
          EXPECT_TRUE(queue.push(in++));
        }
        for (std::size_t each = fill; each > 0; --each) {
          EXPECT_EQ(each, queue.size());
          EXPECT_EQ(out++, queue.pop());
        }
        EXPECT_EQ(0u, queue.size());
      }
    }
  }
}

TYPED_TEST(bounded_queue, every_push_pushes_where_there_is_room) {
  typename TestFixture::boxes queue(20);
  int number = 0;
  for (const auto& push : TestFixture::pushes()) {
    auto box = std::make_unique<int>(number++);
    EXPECT_TRUE(push(queue, box));
    EXPECT_EQ(nullptr, box);
  }
  for (int each = 0; each < number; ++each) EXPECT_EQ(each, **queue.pop());
}

TYPED_TEST(bounded_queue, every_push_of_a_copy_copies_once) {
  typename TestFixture::template of<counted> queue(20);
  const counted one(1);
  counted::copies = 0;
  const auto soon = std::chrono::steady_clock::now() + 1h;
  EXPECT_TRUE(queue.push(one));
  EXPECT_TRUE(queue.try_push(one));
  EXPECT_TRUE(queue.push_for(one, 1h));
  EXPECT_TRUE(queue.push_until(one, soon));
  EXPECT_TRUE(queue.push(one, std::stop_token()));
  EXPECT_TRUE(queue.push_for(one, std::stop_token(), 1h));
  EXPECT_TRUE(queue.push_until(one, std::stop_token(), soon));
  EXPECT_EQ(7, counted::copies);
  while (const auto item = queue.try_pop()) EXPECT_EQ(1, item->value);
  EXPECT_EQ(7, counted::copies);
}

TYPED_TEST(bounded_queue, every_pop_pops_what_is_there) {
  typename TestFixture::template of<int> queue(1);
  for (const auto& pop : TestFixture::template pops<int>()) {
    EXPECT_TRUE(queue.push(7));
    EXPECT_EQ(7, pop(queue));
  }
}

TYPED_TEST(bounded_queue, try_push_fails_when_full_and_leaves_its_argument) {
  typename TestFixture::boxes queue(2);
  EXPECT_TRUE(queue.try_push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.try_push(std::make_unique<int>(2)));
  auto three = std::make_unique<int>(3);
  EXPECT_FALSE(queue.try_push(std::move(three)));
  EXPECT_FALSE(queue.push_for(std::move(three), 0s));
  EXPECT_FALSE(queue.push_until(std::move(three), std::chrono::steady_clock::time_point::min()));
  ASSERT_NE(nullptr, three);
  EXPECT_EQ(2u, queue.size());
  EXPECT_EQ(1, **queue.try_pop());
  EXPECT_TRUE(queue.try_push(std::move(three)));
  EXPECT_EQ(2, **queue.try_pop());
  EXPECT_EQ(3, **queue.try_pop());
}

TYPED_TEST(bounded_queue, try_pop_fails_when_empty) {
  typename TestFixture::template of<int> queue(2);
  EXPECT_EQ(std::nullopt, queue.try_pop());
  EXPECT_EQ(std::nullopt, queue.pop_for(0s));
  EXPECT_EQ(std::nullopt, queue.pop_until(std::chrono::steady_clock::time_point::min()));
  EXPECT_EQ(0u, queue.size());
}

TYPED_TEST(bounded_queue, a_stop_request_matters_only_where_there_is_no_room_or_no_item) {
  typename TestFixture::template of<int> queue(1);
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(std::nullopt, queue.pop(source.get_token()));
  EXPECT_TRUE(queue.push(1, source.get_token()));
  EXPECT_FALSE(queue.push(2, source.get_token()));
  EXPECT_EQ(1, queue.pop(source.get_token()));
}

TYPED_TEST(bounded_queue, once_closed_no_push_pushes_nor_touches_its_argument) {
  typename TestFixture::boxes queue(2);
  EXPECT_FALSE(queue.closed());
  queue.close();
  queue.close();
  EXPECT_TRUE(queue.closed());
  for (const auto& push : TestFixture::pushes()) {
    auto box = std::make_unique<int>(0);
    EXPECT_FALSE(push(queue, box));
    EXPECT_NE(nullptr, box);
  }
  EXPECT_EQ(0u, queue.size());
}

TYPED_TEST(bounded_queue, once_closed_every_pop_pops_what_is_left_and_then_none) {
  for (const auto& pop : TestFixture::template pops<int>()) {
    typename TestFixture::template of<int> queue(3);
    EXPECT_TRUE(queue.push(1));
    EXPECT_TRUE(queue.push(2));
    queue.close();
    EXPECT_EQ(2u, queue.size());
    EXPECT_EQ(1, pop(queue));
    EXPECT_EQ(2, pop(queue));
    EXPECT_EQ(std::nullopt, pop(queue));
    EXPECT_EQ(std::nullopt, pop(queue));
  }
}

TYPED_TEST(bounded_queue, close_wakes_all_who_wait_in_vain) {
  typename TestFixture::template of<int> empty(1), full(1);
  EXPECT_TRUE(full.push(0));
  std::atomic<int> begun{0};
  support::crew crew;
  for (int each = 0; each < 3; ++each) {
    crew.add([&] {
      ++begun;
      EXPECT_EQ(std::nullopt, empty.pop());
    });
    crew.add([&] {
      ++begun;
      EXPECT_FALSE(full.push(1));
    });
  }
  support::eventually([&] { return begun == 6; });
  empty.close();
  full.close();
  crew.join();
  EXPECT_EQ(0, full.pop());
}

TYPED_TEST(bounded_queue, destroys_each_item_once) {
  counted::living = 0;
  {
    typename TestFixture::template of<counted> queue(3);
    for (int round = 0; round < 5; ++round) {
      EXPECT_TRUE(queue.push(counted(round)));
      EXPECT_EQ(1, counted::living);
      EXPECT_EQ(round, queue.pop()->value);
      EXPECT_EQ(0, counted::living);
    }
    for (int each = 0; each < 3; ++each) EXPECT_TRUE(queue.emplace(each));
    EXPECT_FALSE(queue.try_emplace(3));
    EXPECT_EQ(3, counted::living);
    queue.close();
  }
  EXPECT_EQ(0, counted::living);
}

TYPED_TEST(bounded_queue, an_over_aligned_item_lies_as_it_must) {
  struct alignas(256) wide {
    wide() noexcept { check(); }
    wide(wide&&) noexcept { check(); }
    ~wide() { check(); }
    void check() const { EXPECT_EQ(0u, reinterpret_cast<std::uintptr_t>(this) % 256); }
  };
  typename TestFixture::template of<wide> queue(3);
  for (int each = 0; each < 3; ++each) EXPECT_TRUE(queue.emplace());
  EXPECT_TRUE(queue.pop());
}

TYPED_TEST(bounded_queue, takes_items_that_are_converted_at_the_call) {
  typename TestFixture::template of<std::string> words(4);
  EXPECT_TRUE(words.push("one"));
  EXPECT_TRUE(words.push({'t', 'w', 'o'}));
  EXPECT_TRUE(words.emplace(3U, 'x'));
  EXPECT_TRUE(words.try_emplace("four"));
  for (const char* word : {"one", "two", "xxx", "four"}) EXPECT_EQ(word, words.pop());
}

TYPED_TEST(bounded_queue, refuses_a_capacity_of_zero_or_above_max_capacity) {
  using queue = typename TestFixture::template of<char>;
  EXPECT_EQ(std::size_t{1} << 31, queue::max_capacity());
  for (const std::size_t capacity : {std::size_t{0}, queue::max_capacity() + 1, SIZE_MAX}) {
    EXPECT_THROW(queue refused(capacity), std::invalid_argument);
  }
}

TYPED_TEST(bounded_queue, of_more_memory_than_there_is_is_refused) {
  struct huge {
    std::array<char, (SIZE_MAX >> 31) + 1> bytes;
  };
  using queue = typename TestFixture::template of<huge>;
  EXPECT_THROW(queue refused(queue::max_capacity()), std::bad_alloc);
}

TYPED_TEST(bounded_queue, may_have_a_capacity_of_max) {
  if (support::thread_sanitizer || support::address_sanitizer) GTEST_SKIP() << "the sanitizer touches all of it";
  using queue = typename TestFixture::template of<char>;
  std::unique_ptr<queue> most;
  try {
    most = std::make_unique<queue>(queue::max_capacity());
  } catch (const std::bad_alloc&) {
    GTEST_SKIP() << "the system gives no 16 GiB, though they would not be touched";
  }
  EXPECT_EQ(queue::max_capacity(), most->capacity());
  EXPECT_TRUE(most->push('a'));
  EXPECT_TRUE(most->push('b'));
  EXPECT_EQ('a', most->pop());
  EXPECT_EQ(1u, most->size());
}

TYPED_TEST(bounded_queue, a_copy_that_throws_leaves_it_as_it_was) {
  typename TestFixture::template of<moody_copy> queue(2);
  const moody_copy one(1), two(2);
  moody::until_throw = -1;
  EXPECT_TRUE(queue.push(one));
  moody::until_throw = 0;
  EXPECT_THROW(static_cast<void>(queue.push(two)), std::runtime_error);
  EXPECT_EQ(1u, queue.size());
  EXPECT_TRUE(queue.push(two));
  EXPECT_EQ(1, queue.pop()->value);
  EXPECT_EQ(2, queue.pop()->value);
}

TYPED_TEST(bounded_queue, a_move_in_that_throws_leaves_it_as_it_was) {
  const int before = moody::living;
  {
    typename TestFixture::template of<moody> queue(2);
    EXPECT_TRUE(queue.emplace(1));
    moody::until_throw = 0;
    EXPECT_THROW(static_cast<void>(queue.push(moody(2))), std::runtime_error);
    EXPECT_EQ(1u, queue.size());
    EXPECT_TRUE(queue.emplace(3));
    EXPECT_EQ(1, queue.pop()->value);
    EXPECT_EQ(3, queue.pop()->value);
    EXPECT_FALSE(queue.try_pop());
  }
  EXPECT_EQ(before, moody::living);
}

TYPED_TEST(bounded_queue, a_move_out_that_throws_leaves_the_item_at_the_front) {
  const int before = moody::living;
  {
    typename TestFixture::template of<moody> queue(2);
    EXPECT_TRUE(queue.emplace(1));
    EXPECT_TRUE(queue.emplace(2));
    for (const auto& pop : TestFixture::template pops<moody>()) {
      moody::until_throw = 0;
      EXPECT_THROW(static_cast<void>(pop(queue)), std::runtime_error);
      EXPECT_EQ(2u, queue.size());
    }
    EXPECT_EQ(1, queue.pop()->value);
    EXPECT_EQ(2, queue.pop()->value);
  }
  EXPECT_EQ(before, moody::living);
}

TYPED_TEST(bounded_queue, whom_an_exception_comes_to_leaves_the_item_to_another_who_waits) {
  typename TestFixture::template of<moody> queue(1);
  moody::until_throw = 0;
  std::atomic<int> thrown{0}, popped{0};
  {
    support::crew crew(2, [&](int) {
      try {
        if (queue.pop()) ++popped;
      } catch (const std::runtime_error&) {
        ++thrown;
      }
    });
    EXPECT_TRUE(queue.emplace(1));
    support::eventually([&] { return popped == 1; });
    queue.close();
  }
  EXPECT_EQ(1, thrown);
}

}  // namespace
