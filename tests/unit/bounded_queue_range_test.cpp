// push_range() and drain() of a bounded_queue: many items in a call. Their timed and stoppable waits: timeout_test, stop_test.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "park/bounded_queue.hpp"
#include "support/crew.hpp"
#include "support/lots.hpp"

namespace {

using namespace std::chrono_literals;

// Items by themselves, and items whose move might throw, which have the queue take locks.
class plain {
 public:
  static constexpr const char* kind = "plain";

  plain(int value) : box_(std::make_unique<int>(value)) {}

  // -1: moved from.
  int value() const { return box_ ? *box_ : -1; }

 private:
  std::unique_ptr<int> box_;
};

class wary : public plain {
 public:
  static constexpr const char* kind = "wary";
  static inline std::atomic<int> until_throw{-1};

  using plain::plain;
  wary(wary&& other) noexcept(false) : plain(checked(std::move(other))) {}
  wary& operator=(wary&& other) noexcept(false) {
    plain::operator=(checked(std::move(other)));
    return *this;
  }

 private:
  static wary&& checked(wary&& other) {
    if (until_throw-- == 0) throw std::runtime_error("wary");
    return std::move(other);
  }
};

template <class Item, class Lot>
struct with_item {
  using item = Item;
  using queue = park::basic_bounded_queue<Item, Lot>;
  static std::string name() { return std::string(Lot::name) + "_" + Item::kind; }
};
template <class Lot>
using with_plain = with_item<plain, Lot>;
template <class Lot>
using with_wary = with_item<wary, Lot>;

template <class Kind>
class bounded_queue_range : public testing::Test {
 protected:
  using queue_type = typename Kind::queue;
  using item = typename Kind::item;
  using items = std::vector<item>;

  bounded_queue_range() { wary::until_throw = -1; }

  static items some(int first, int last) {
    items made;
    made.reserve(static_cast<std::size_t>(last - first));
    for (int value = first; value < last; ++value) made.emplace_back(value);
    return made;
  }

  template <class Range>
  static std::vector<int> values(const Range& range) {
    std::vector<int> all;
    for (const item& each : range) all.push_back(each.value());
    return all;
  }

  static std::vector<int> drained(queue_type& queue, std::size_t most = 100) {
    items out;
    EXPECT_LE(queue.drain(std::back_inserter(out), most), most);
    return values(out);
  }

  // Every way to push a range.
  static std::vector<std::function<std::size_t(queue_type&, items&&)>> pushes() {
    const auto soon = [] { return std::chrono::steady_clock::now() + 1h; };
    return {[](queue_type& into, items&& all) { return into.push_range(std::move(all)); },
            [](queue_type& into, items&& all) { return into.try_push_range(std::move(all)); },
            [](queue_type& into, items&& all) { return into.push_range_for(std::move(all), 1h); },
            [=](queue_type& into, items&& all) { return into.push_range_until(std::move(all), soon()); },
            [](queue_type& into, items&& all) { return into.push_range(std::move(all), std::stop_token()); },
            [](queue_type& into, items&& all) { return into.push_range_for(std::move(all), std::stop_token(), 1h); },
            [=](queue_type& into, items&& all) {
              return into.push_range_until(std::move(all), std::stop_token(), soon());
            }};
  }
};
using range_kinds = support::over_lots<with_plain, with_wary>;
TYPED_TEST_SUITE(bounded_queue_range, range_kinds, support::by_name);

TYPED_TEST(bounded_queue_range, every_push_range_pushes_all_in_their_order_where_there_is_room) {
  for (const auto& push : TestFixture::pushes()) {
    typename TestFixture::queue_type queue(4);
    auto all = TestFixture::some(1, 4);
    EXPECT_EQ(3u, push(queue, std::move(all)));
    EXPECT_EQ((std::vector<int>{-1, -1, -1}), TestFixture::values(all));
    EXPECT_EQ((std::vector<int>{1, 2, 3}), TestFixture::drained(queue));
  }
}

TYPED_TEST(bounded_queue_range, every_push_range_into_a_closed_queue_pushes_none_and_moves_none) {
  for (const auto& push : TestFixture::pushes()) {
    typename TestFixture::queue_type queue(4);
    queue.close();
    auto all = TestFixture::some(1, 4);
    EXPECT_EQ(0u, push(queue, std::move(all)));
    EXPECT_EQ((std::vector<int>{1, 2, 3}), TestFixture::values(all));
  }
}

TYPED_TEST(bounded_queue_range, of_none_pushes_none) {
  typename TestFixture::queue_type queue(1);
  for (const auto& push : TestFixture::pushes()) EXPECT_EQ(0u, push(queue, {}));
  EXPECT_EQ(0u, queue.size());
}

TYPED_TEST(bounded_queue_range, what_does_not_fit_in_time_is_left_as_it_was) {
  std::stop_source stopped;
  stopped.request_stop();
  const std::vector<std::function<std::size_t(typename TestFixture::queue_type&, typename TestFixture::items&&)>> ways{
      [](auto& into, auto&& all) { return into.try_push_range(std::move(all)); },
      [](auto& into, auto&& all) { return into.push_range_for(std::move(all), 0s); },
      [](auto& into, auto&& all) { return into.push_range_for(std::move(all), 1ms); },
      [](auto& into, auto&& all) {
        return into.push_range_until(std::move(all), std::chrono::system_clock::now() - 1h);
      },
      [&](auto& into, auto&& all) { return into.push_range(std::move(all), stopped.get_token()); },
      [&](auto& into, auto&& all) { return into.push_range_for(std::move(all), stopped.get_token(), 1h); }};
  for (const auto& push : ways) {
    typename TestFixture::queue_type queue(2);
    auto all = TestFixture::some(1, 5);
    EXPECT_EQ(2u, push(queue, std::move(all)));
    EXPECT_EQ((std::vector<int>{-1, -1, 3, 4}), TestFixture::values(all));
    EXPECT_EQ((std::vector<int>{1, 2}), TestFixture::drained(queue));
  }
}

TYPED_TEST(bounded_queue_range, waits_for_room_for_each) {
  typename TestFixture::queue_type queue(2);
  support::crew crew(1, [&](int) { EXPECT_EQ(20u, queue.push_range(TestFixture::some(0, 20))); });
  for (int value = 0; value < 20; ++value) EXPECT_EQ(value, queue.pop()->value());
}

TYPED_TEST(bounded_queue_range, that_is_closed_in_the_middle_says_how_many_it_has_taken) {
  typename TestFixture::queue_type queue(2);
  auto all = TestFixture::some(0, 20);
  std::size_t pushed = 0;
  {
    support::crew crew(1, [&](int) { pushed = queue.push_range(std::move(all)); });
    EXPECT_EQ(0, queue.pop()->value());
    queue.close();
  }
  const auto rest = TestFixture::drained(queue);
  EXPECT_EQ(pushed, rest.size() + 1);
  for (std::size_t each = 0; each < all.size(); ++each)
    EXPECT_EQ(each < pushed ? -1 : static_cast<int>(each), all[each].value());
}

TYPED_TEST(bounded_queue_range, a_move_that_throws_leaves_what_was_not_pushed) {
  if (std::is_same_v<typename TestFixture::item, plain>) return;
  typename TestFixture::queue_type queue(4);
  auto all = TestFixture::some(0, 4);
  wary::until_throw = 2;
  EXPECT_THROW(static_cast<void>(queue.push_range(std::move(all))), std::runtime_error);
  EXPECT_EQ((std::vector<int>{-1, -1, 2, 3}), TestFixture::values(all));
  EXPECT_EQ((std::vector<int>{0, 1}), TestFixture::drained(queue));
}

TYPED_TEST(bounded_queue_range, drain_takes_no_more_than_there_is_nor_than_was_asked_for) {
  typename TestFixture::queue_type queue(8);
  EXPECT_EQ(0u, TestFixture::drained(queue).size());
  EXPECT_EQ(5u, queue.push_range(TestFixture::some(0, 5)));
  EXPECT_EQ(0u, TestFixture::drained(queue, 0).size());
  EXPECT_EQ((std::vector<int>{0, 1}), TestFixture::drained(queue, 2));
  EXPECT_EQ(3u, queue.size());
  queue.close();
  EXPECT_EQ((std::vector<int>{2, 3, 4}), TestFixture::drained(queue, static_cast<std::size_t>(-1)));
  EXPECT_EQ(0u, TestFixture::drained(queue).size());
}

// Refuses the item after so many.
template <class Item>
class narrow_output {
 public:
  using iterator_category = std::output_iterator_tag;
  using value_type = void;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = void;

  narrow_output(std::vector<int>& written, std::size_t room) : written_(&written), room_(room) {}
  narrow_output& operator*() { return *this; }
  narrow_output& operator++() { return *this; }
  narrow_output& operator++(int) { return *this; }
  narrow_output& operator=(Item&& item) {
    if (written_->size() == room_) throw std::length_error("full");
    written_->push_back(item.value());
    return *this;
  }

 private:
  std::vector<int>* written_;
  std::size_t room_;
};

TYPED_TEST(bounded_queue_range, what_throws_at_a_drain_costs_the_item_that_it_throws_at_and_no_other) {
  typename TestFixture::queue_type queue(8);
  EXPECT_EQ(5u, queue.push_range(TestFixture::some(0, 5)));
  std::vector<int> written;
  EXPECT_THROW(static_cast<void>(queue.drain(narrow_output<typename TestFixture::item>(written, 2), 5)),
               std::length_error);
  EXPECT_EQ((std::vector<int>{0, 1}), written);
  EXPECT_EQ((std::vector<int>{3, 4}), TestFixture::drained(queue));
}

TYPED_TEST(bounded_queue_range, a_move_out_that_throws_at_a_drain_leaves_the_item_at_the_front) {
  if (std::is_same_v<typename TestFixture::item, plain>) return;
  typename TestFixture::queue_type queue(8);
  EXPECT_EQ(3u, queue.push_range(TestFixture::some(0, 3)));
  wary::until_throw = 0;
  std::vector<int> written;
  EXPECT_THROW(static_cast<void>(queue.drain(narrow_output<typename TestFixture::item>(written, 9), 5)),
               std::runtime_error);
  EXPECT_TRUE(written.empty());
  EXPECT_EQ((std::vector<int>{0, 1, 2}), TestFixture::drained(queue));
}

TYPED_TEST(bounded_queue_range, drains_beside_pushes_and_other_drains_lose_nothing) {
  constexpr int producers = 2, drainers = 2, each = 2000;
  typename TestFixture::queue_type queue(16);
  std::atomic<long> sum{0};
  std::atomic<int> left{producers * each};
  support::crew crew(producers + drainers, [&](int index) {
    if (index < producers) {
      EXPECT_EQ(std::size_t{each}, queue.push_range(TestFixture::some(1, each + 1)));
      return;
    }
    while (left > 0) {
      const auto got = TestFixture::drained(queue, 5);
      sum += std::accumulate(got.begin(), got.end(), 0L);
      left -= static_cast<int>(got.size());
    }
  });
  crew.join();
  EXPECT_EQ(long{producers} * each * (each + 1) / 2, sum);
}

// Which elements are moved, and which are copied.
class bounded_queue_range_elements : public testing::Test {
 protected:
  using strings = std::vector<std::string>;

  static strings drained(park::bounded_queue<std::string>& queue) {
    strings out;
    queue.drain(std::back_inserter(out), 100);
    return out;
  }

  const std::string one_ = "one of a length that is kept on the heap",
                    two_ = "two of a length that is kept on the heap";
  const strings both_{one_, two_}, moved_from_{"", ""};
  park::bounded_queue<std::string> queue_{8};
};

TEST_F(bounded_queue_range_elements, of_an_rvalue_container_are_moved) {
  strings all = both_;
  EXPECT_EQ(2u, queue_.push_range(std::move(all)));
  EXPECT_EQ(moved_from_, all);
  std::list<std::string> others(both_.begin(), both_.end());
  EXPECT_EQ(2u, queue_.push_range(std::move(others)));
  EXPECT_EQ("", others.front());
  std::string array[] = {one_};
  EXPECT_EQ(1u, queue_.push_range(std::move(array)));
  EXPECT_EQ("", array[0]);
  EXPECT_EQ((strings{one_, two_, one_, two_, one_}), drained(queue_));
}

TEST_F(bounded_queue_range_elements, of_an_lvalue_are_copied) {
  strings all = both_;
  EXPECT_EQ(2u, queue_.push_range(all));
  EXPECT_EQ(2u, queue_.push_range(both_));
  EXPECT_EQ(both_, all);
  EXPECT_EQ((strings{one_, two_, one_, two_}), drained(queue_));
}

// What std::span is, which not every library has whose <span> comes with this compiler.
struct view {
  std::string *first, *last;
  std::string* begin() const { return first; }
  std::string* end() const { return last; }
};

TEST_F(bounded_queue_range_elements, of_a_view_are_copied) {
  strings all = both_;
  EXPECT_EQ(2u, queue_.push_range(view{all.data(), all.data() + 2}));
  EXPECT_EQ(both_, all);
  EXPECT_EQ(both_, drained(queue_));
}

struct moving_view {
  std::string *first, *last;
  auto begin() const { return std::make_move_iterator(first); }
  auto end() const { return std::make_move_iterator(last); }
};

TEST_F(bounded_queue_range_elements, of_a_view_that_gives_rvalues_are_moved) {
  strings all = both_;
  EXPECT_EQ(2u, queue_.push_range(moving_view{all.data(), all.data() + 2}));
  EXPECT_EQ(moved_from_, all);
  const moving_view again{all.data(), all.data()};
  EXPECT_EQ(0u, queue_.push_range(again));
  EXPECT_EQ(both_, drained(queue_));
}

TEST_F(bounded_queue_range_elements, may_be_of_another_type_or_in_braces) {
  const std::array<const char*, 2> words{"one", "two"};
  EXPECT_EQ(2u, queue_.push_range(words));
  EXPECT_EQ(2u, queue_.push_range({"three", "four"}));
  EXPECT_EQ((strings{"one", "two", "three", "four"}), drained(queue_));
  park::bounded_queue<bool> flags(4);
  EXPECT_EQ(2u, flags.push_range(std::vector<bool>{true, false}));
  EXPECT_EQ(true, flags.pop());
  EXPECT_EQ(false, flags.pop());
}

}  // namespace
