// park::thread: one test per sentence of its contract. What becomes of an exception: uncaught_exception_test. What the end of the process
// and the system make of it: thread_exit_test, thread_system_test.
#include "park/thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "park/event.hpp"
#include "park/latch.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/mini_stop.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class thread : public testing::Test {
 protected:
  using thread_type = park::basic_thread<Lot>;

  template <class Action>
  static std::error_code error_of(Action action) {
    try {
      action();
    } catch (const std::system_error& error) {
      return error.code();
    }
    return {};
  }
};
TYPED_TEST_SUITE(thread, support::lots, support::by_name);

TYPED_TEST(thread, runs_the_callable_with_its_arguments) {
  int sum = 0;
  typename TestFixture::thread_type one([](int& to, std::unique_ptr<int> more) { to += *more; }, std::ref(sum),
                                        std::make_unique<int>(3));
  one.join();
  EXPECT_EQ(3, sum);

  struct counter {
    void add(int more) { count += more; }
    int count = 0;
  } counted;
  typename TestFixture::thread_type(&counter::add, &counted, 4).join();
  EXPECT_EQ(4, counted.count);
}

TYPED_TEST(thread, gives_a_stop_token_to_a_callable_that_takes_one) {
  int seen = 0;
  typename TestFixture::thread_type with(
      [&](std::stop_token stop, int more) { seen = stop.stop_possible() ? more : 0; }, 5);
  with.join();
  EXPECT_EQ(5, seen);
  struct both {
    int& seen;
    void operator()() const { seen = 6; }
    void operator()(const std::stop_token&) const { seen = 7; }
  };
  typename TestFixture::thread_type(both{seen}).join();
  EXPECT_EQ(7, seen);
}

TYPED_TEST(thread, destroys_the_copies_before_it_ends) {
  struct marked {
    park::thread::id* where;
    std::shared_ptr<void> held = std::make_shared<int>();
    ~marked() {
      if (held != nullptr) *where = std::this_thread::get_id();
    }
    marked(park::thread::id* at) : where(at) {}
    marked(marked&&) = default;
    void operator()() const {}
  };
  park::thread::id where;
  std::weak_ptr<void> watched;
  marked callable(&where);
  watched = callable.held;
  typename TestFixture::thread_type one(std::move(callable));
  const auto id = one.get_id();
  one.join();
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(id, where);
}

TYPED_TEST(thread, without_a_callable_stands_for_no_thread) {
  const typename TestFixture::thread_type none;
  EXPECT_FALSE(none.joinable());
  EXPECT_EQ(typename TestFixture::thread_type::id(), none.get_id());
  EXPECT_EQ("", none.name());
  EXPECT_FALSE(none.is_daemon());
  EXPECT_FALSE(none.get_stop_source().stop_possible());
  EXPECT_FALSE(none.get_stop_token().stop_possible());
}

TYPED_TEST(thread, has_the_members_of_jthread) {
  using type = typename TestFixture::thread_type;
  static_assert(std::is_nothrow_default_constructible_v<type> && std::is_nothrow_move_constructible_v<type>);
  static_assert(std::is_nothrow_move_assignable_v<type> && std::is_nothrow_swappable_v<type>);
  static_assert(!std::is_copy_constructible_v<type> && !std::is_copy_assignable_v<type>);
  static_assert(!std::is_constructible_v<type, int> && !std::is_convertible_v<void (*)(), type>);
  static_assert(std::is_same_v<typename type::id, std::thread::id>);
  static_assert(std::is_same_v<typename type::native_handle_type, std::thread::native_handle_type>);
  static_assert(noexcept(type::hardware_concurrency()));
  static_assert(sizeof(type) == 2 * sizeof(void*));
  static_assert(std::is_constructible_v<park::thread, void (*)()> && !std::is_copy_constructible_v<park::thread>);
  EXPECT_EQ(std::thread::hardware_concurrency(), type::hardware_concurrency());
}

TYPED_TEST(thread, is_known_by_its_id) {
  std::thread::id inside;
  typename TestFixture::thread_type one([&] { inside = std::this_thread::get_id(); });
  const auto outside = one.get_id();
  EXPECT_TRUE(one.joinable());
  one.join();
  EXPECT_EQ(inside, outside);
  EXPECT_FALSE(one.joinable());
  EXPECT_EQ(std::thread::id(), one.get_id());
}

TYPED_TEST(thread, moves_and_swaps) {
  using type = typename TestFixture::thread_type;
  type first({.name = "first"}, [] {});
  const auto id = first.get_id();
  type second(std::move(first));
  EXPECT_FALSE(first.joinable());
  EXPECT_EQ("", first.name());
  EXPECT_EQ(id, second.get_id());
  swap(first, second);
  EXPECT_EQ(id, first.get_id());
  second = std::move(first);
  EXPECT_EQ(id, second.get_id());
  EXPECT_EQ("first", second.name());
  type& same = second;
  second = std::move(same);
  EXPECT_EQ(id, second.get_id());
  second.join();
}

TYPED_TEST(thread, is_stopped_and_joined_by_the_destructor) {
  bool stopped = false;
  {
    typename TestFixture::thread_type one([&](std::stop_token stop) {
      const park::latch never(1);
      stopped = !never.wait(stop);
    });
  }
  EXPECT_TRUE(stopped);
}

TYPED_TEST(thread, is_stopped_and_joined_by_an_assignment) {
  bool stopped = false;
  typename TestFixture::thread_type one([&](std::stop_token stop) {
    const park::latch never(1);
    stopped = !never.wait(stop);
  });
  one = typename TestFixture::thread_type();
  EXPECT_TRUE(stopped);
  EXPECT_FALSE(one.joinable());
}

TYPED_TEST(thread, shares_its_stop_source) {
  park::latch over(1);
  typename TestFixture::thread_type one([&](std::stop_token stop) {
    EXPECT_FALSE(park::latch(1).wait(stop));
    over.count_down();
  });
  EXPECT_FALSE(one.get_stop_token().stop_requested());
  EXPECT_TRUE(one.request_stop());
  EXPECT_FALSE(one.request_stop());
  over.wait();
  one.join();
  EXPECT_TRUE(one.get_stop_source().stop_requested());  // known after the join
}

TYPED_TEST(thread, a_join_for_some_time_ends_with_it_and_may_be_tried_again) {
  park::event go;
  typename TestFixture::thread_type one([&] { go.wait(); });
  EXPECT_FALSE(one.join_for(0s));
  EXPECT_FALSE(one.join_for(1ms));
  EXPECT_FALSE(one.join_until(std::chrono::steady_clock::now() - 1h));
  EXPECT_FALSE(one.join_until(std::chrono::system_clock::now() + 1ms));
  EXPECT_TRUE(one.joinable());
  go.set();
  EXPECT_TRUE(one.join_for(1h));
  EXPECT_FALSE(one.joinable());
  typename TestFixture::thread_type other([] {});
  EXPECT_TRUE(other.join_until(std::chrono::steady_clock::now() + 1h));
  EXPECT_FALSE(other.joinable());
}

TYPED_TEST(thread, a_join_is_stopped_by_a_token) {
  park::event go;
  typename TestFixture::thread_type one([&] { go.wait(); });
  support::mini_stop_source source;
  source.request_stop();
  EXPECT_FALSE(one.join(source.get_token()));
  EXPECT_FALSE(one.join_for(source.get_token(), 1h));
  EXPECT_FALSE(one.join_until(source.get_token(), std::chrono::steady_clock::now() + 1h));
  EXPECT_FALSE(one.get_stop_token().stop_requested());
  EXPECT_TRUE(one.joinable());
  go.set();
  EXPECT_TRUE(one.join(std::stop_token()));
}

// Neither is atomic: ThreadSanitizer tells if a join does not synchronize.
TYPED_TEST(thread, ends_after_the_destructors_of_its_thread_local_objects) {
#if defined(PARK_THREAD_LOCAL_IS_GONE_EARLY)
  GTEST_SKIP() << "this compiler gives back the storage of thread_local objects before it destroys them";
#endif
  struct late {
    int* to = nullptr;
    ~late() {
      if (to != nullptr) *to += 1;
    }
  };
  int destroyed = 0, written = 0;
  const auto work = [&] {
    thread_local late one;
    one.to = &destroyed;
    written += 1;
  };
  typename TestFixture::thread_type(work).join();
  EXPECT_TRUE(typename TestFixture::thread_type(work).join_for(1h));
  EXPECT_TRUE(typename TestFixture::thread_type(work).join(std::stop_token()));
  EXPECT_EQ(3, destroyed);
  EXPECT_EQ(3, written);
}

TYPED_TEST(thread, runs_on_when_detached) {
  park::latch over(1);
  park::event go;
  typename TestFixture::thread_type one([&] {
    go.wait();
    over.count_down();
  });
  one.detach();
  EXPECT_FALSE(one.joinable());
  EXPECT_EQ(std::thread::id(), one.get_id());
  EXPECT_TRUE(one.get_stop_source().stop_possible());
  go.set();
  over.wait();
}

TYPED_TEST(thread, has_the_name_that_it_was_given) {
  std::string inside;
  typename TestFixture::thread_type one({.name = "a name that is longer than the system shows"},
                                        [&] { inside = park::this_thread::name(); });
  EXPECT_EQ("a name that is longer than the system shows", one.name());
  one.join();
  EXPECT_EQ(one.name(), inside);
  EXPECT_FALSE(one.is_daemon());
}

TYPED_TEST(thread, has_a_name_of_its_own_where_none_was_given) {
  typename TestFixture::thread_type one([] {}), other({.daemon = false}, [] {});
  EXPECT_EQ(0u, one.name().find("thread-"));
  EXPECT_GT(std::stoi(one.name().substr(7)), 0);
  EXPECT_EQ("thread-" + std::to_string(std::stoi(one.name().substr(7)) + 1), other.name());
}

TYPED_TEST(thread, a_daemon_is_not_joined_by_the_destructor) {
  park::event go;
  park::latch over(1);
  bool asked_to_stop = true;
  {
    typename TestFixture::thread_type one({.name = "daemon", .daemon = true}, [&](std::stop_token stop) {
      go.wait();
      asked_to_stop = stop.stop_requested();
      over.count_down();
    });
    EXPECT_TRUE(one.is_daemon());
  }
  go.set();
  over.wait();
  EXPECT_FALSE(asked_to_stop);
}

TYPED_TEST(thread, a_daemon_may_be_joined) {
  bool ran = false;
  typename TestFixture::thread_type one({.daemon = true}, [&] { ran = true; });
  one.join();
  EXPECT_TRUE(ran);
}

TYPED_TEST(thread, what_stands_for_no_thread_is_neither_joined_nor_detached) {
  typename TestFixture::thread_type none, joined([] {});
  joined.join();
  for (auto* each : {&none, &joined}) {
    EXPECT_EQ(std::errc::invalid_argument, this->error_of([&] { each->join(); }));
    EXPECT_EQ(std::errc::invalid_argument, this->error_of([&] { static_cast<void>(each->join_for(0s)); }));
    EXPECT_EQ(std::errc::invalid_argument, this->error_of([&] { each->detach(); }));
  }
}

TYPED_TEST(thread, does_not_join_itself) {
  park::event go;
  std::error_code error;
  typename TestFixture::thread_type one([&] {
    go.wait();
    error = this->error_of([&] { one.join(); });
  });
  go.set();
  one.join();
  EXPECT_EQ(std::errc::resource_deadlock_would_occur, error);
}

TYPED_TEST(thread, is_detached_where_its_object_ends_in_it) {
  park::event go;
  park::latch over(1);
  std::optional<typename TestFixture::thread_type> one;
  one.emplace([&] {
    go.wait();
    one.reset();
    over.count_down();
  });
  go.set();
  over.wait();
}

TYPED_TEST(thread, passes_on_what_a_copy_throws) {
  struct throws {
    throws() = default;
    throws(const throws&) { throw std::runtime_error("no copy"); }
    void operator()() const {}
  };
  const throws callable;
  EXPECT_THROW(typename TestFixture::thread_type one(callable), std::runtime_error);
}

TYPED_TEST(thread, many_start_and_end) {
  std::atomic<int> ran{0};
  for (int round = 0; round < 20; ++round) {
    std::vector<typename TestFixture::thread_type> crew;
    for (int index = 0; index < 20; ++index) crew.emplace_back([&] { ++ran; });
    for (int index = 0; index < 20; index += 2) crew[static_cast<std::size_t>(index)].detach();
  }
  support::eventually([&] { return ran == 400; });
}

}  // namespace
