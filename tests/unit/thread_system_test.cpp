// What the system sees of park::thread, and what it does to it: names, cancellation, refusal.
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <thread>

#include "native_thread.hpp"
#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/thread.hpp"
#include "park/timer.hpp"
#include "park/uncaught_exception.hpp"
#include "support/child.hpp"
#include "support/lots.hpp"
#include "support/program.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class thread_of_the_system : public testing::Test {
 protected:
  using thread_type = park::basic_thread<Lot>;

  // What the system calls a thread with this name.
  static std::string shown(const std::string& name) {
    char text[64] = {};
    thread_type one({.name = name}, [&] { pthread_getname_np(pthread_self(), text, sizeof text); });
    one.join();
    return text;
  }
};
TYPED_TEST_SUITE(thread_of_the_system, support::lots, support::by_name);

TYPED_TEST(thread_of_the_system, shows_the_name) {
  EXPECT_EQ("reader", this->shown("reader"));
  EXPECT_EQ("fifteen letters", this->shown("fifteen letters"));
  EXPECT_EQ("sixteen letters", this->shown("sixteen letters!"));
}

TYPED_TEST(thread_of_the_system, shows_whole_characters) {
  EXPECT_EQ("fourteen bytes", this->shown("fourteen bytes\u00e9"));
  EXPECT_EQ("thirteen byte\u00e9", this->shown("thirteen byte\u00e9!"));
  EXPECT_EQ("twelve bytes", this->shown("twelve bytes\U0001F6A6"));
  EXPECT_EQ("eleven byte\U0001F6A6", this->shown("eleven byte\U0001F6A6!"));
}

TEST(whole_characters, are_kept) {
  using park::detail::whole_characters;
  static_assert(whole_characters("", 15).empty() && whole_characters("abc", 3) == "abc");
  static_assert(whole_characters("abc", 2) == "ab" && whole_characters("abc", 0).empty());
  static_assert(whole_characters("a\xc3\xa9", 2) == "a" && whole_characters("a\xc3\xa9", 3) == "a\xc3\xa9");
  static_assert(whole_characters("\x80\x80\x80\x80\x80", 4).size() == 4);  // no UTF-8: cut where it comes
}

TYPED_TEST(thread_of_the_system, has_a_native_handle) {
  std::atomic<pthread_t> inside{};
  park::event go;
  typename TestFixture::thread_type one([&] {
    inside = pthread_self();
    go.wait();
  });
  static_cast<void>(one.get_id());
  char text[64] = {};
  EXPECT_EQ(0, pthread_getname_np(one.native_handle(), text, sizeof text));
  EXPECT_EQ(one.name(), text);
  const pthread_t outside = one.native_handle();
  go.set();
  one.join();
  EXPECT_TRUE(pthread_equal(inside, outside));
}

TEST(this_thread, has_the_name_that_the_system_gives_a_foreign_thread) {
  std::string name;
  pthread_t foreign{};
  pthread_create(
      &foreign, nullptr,
      [](void* to) -> void* {
        pthread_setname_np(pthread_self(), "foreign");
        *static_cast<std::string*>(to) = park::this_thread::name();
        return nullptr;
      },
      &name);
  pthread_join(foreign, nullptr);
  EXPECT_EQ("foreign", name);
}

// The C library unwinds a cancelled thread by the unwinder of gcc, which the frames of a program with libc++ do not understand, be it with
// park or without.
#if defined(_LIBCPP_VERSION)
constexpr bool one_unwinder = false;
#else
constexpr bool one_unwinder = true;
#endif

std::atomic<int> reported{0};

TYPED_TEST(thread_of_the_system, cancellation_passes_through_unreported) {
  if (!one_unwinder) GTEST_SKIP() << "the unwinder of libc++ is not that of the C library";
  park::set_uncaught_exception_handler([](std::string_view, const std::exception_ptr&) { ++reported; });
  const auto held = std::make_shared<int>();
  park::event began;
  bool went_on = false;
  typename TestFixture::thread_type cancelled([&, held] {
    began.set();
    for (;;) pthread_testcancel();
    went_on = true;
  });
  began.wait();
  pthread_cancel(cancelled.native_handle());
  cancelled.join();
  typename TestFixture::thread_type exits([&, held] {
    pthread_exit(nullptr);
    went_on = true;
  });
  EXPECT_TRUE(exits.join_for(1h));
  EXPECT_FALSE(went_on);
  EXPECT_EQ(1, held.use_count());
  EXPECT_EQ(0, reported);
  park::set_uncaught_exception_handler(nullptr);
}

TYPED_TEST(thread_of_the_system, may_end_in_a_timer_and_others_run_all_the_same) {
  if (!one_unwinder) GTEST_SKIP() << "the unwinder of libc++ is not that of the C library";
  using timer = park::basic_timer<TypeParam>;
  for (const park::timer_options& options : {park::timer_options{}, park::timer_options{.own_thread = true}}) {
    const auto held = std::make_shared<int>();
    int runs = 0;
    {
      const timer later(options, 5ms, [] {});
      timer one(options, 0s, [&, held] {
        if (++runs < 3) pthread_exit(nullptr);
      });
      one.wait();
      one.restart(0s);  // the thread may be on its way out
      one.wait();
      EXPECT_EQ(2, runs);
      later.wait();
      one.restart(0s);
      one.wait();
      EXPECT_EQ(3, runs);
    }
    EXPECT_EQ(1, held.use_count());
  }
}

TYPED_TEST(thread_of_the_system, a_join_is_no_cancellation_point) {
  park::event go, waits;
  typename TestFixture::thread_type one([&] { go.wait(); });
  bool joined = false;
  typename TestFixture::thread_type other([&] {
    pthread_cancel(pthread_self());
    waits.set();
    one.join();
    joined = true;
  });
  waits.wait();
  go.set();
  other.join();
  EXPECT_TRUE(joined);
}

// Of the calling thread.
std::size_t stack_size_here() {
  pthread_attr_t attributes;
  pthread_getattr_np(pthread_self(), &attributes);
  std::size_t size = 0;
  pthread_attr_getstacksize(&attributes, &size);
  pthread_attr_destroy(&attributes);
  return size;
}

TYPED_TEST(thread_of_the_system, has_a_stack_as_large_as_is_asked_for) {
  std::size_t plain = 0, of_std = 0, asked = 0;
  typename TestFixture::thread_type([&] { plain = stack_size_here(); }).join();
  std::thread([&] { of_std = stack_size_here(); }).join();
  EXPECT_EQ(of_std, plain);
  const std::size_t wanted = plain + (std::size_t{1} << 20);
  typename TestFixture::thread_type({.stack_size = wanted}, [&] {
    asked = stack_size_here();
    volatile char room[1 << 20];
    for (char volatile& byte : room) byte = 1;
  }).join();
  EXPECT_GE(asked, wanted);
  EXPECT_LE(asked, wanted + (std::size_t{1} << 18));  // what a C library adds
}

// Each leaves nothing.
TYPED_TEST(thread_of_the_system, is_refused_with_a_stack_that_is_too_small_or_too_large) {
  if (support::thread_sanitizer || support::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at the stack first";
  const auto held = std::make_shared<int>();
  const auto error_of = [&](std::size_t size) {
    try {
      typename TestFixture::thread_type one({.stack_size = size}, [held] {});
    } catch (const std::system_error& error) {
      return error.code();
    }
    return std::error_code();
  };
  EXPECT_EQ(std::errc::invalid_argument, error_of(1));
  EXPECT_TRUE(error_of(SIZE_MAX / 16 * 15));  // which error: that depends on the C library
  EXPECT_EQ(1, held.use_count());
}

template <class Lot>
int start_without_room() {
  const auto held = std::make_shared<int>();
  try {
    park::basic_thread<Lot> one([held] {});
    return 3;
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) return 4;
  }
  return held.use_count() == 1 ? 0 : 5;
}

constexpr int no_such_size = 6;

const support::program without_room("thread_without_room", [] {
  pthread_attr_t endless;
  pthread_attr_init(&endless);
  pthread_attr_setstacksize(&endless, SIZE_MAX / 16 * 15);
  if (pthread_setattr_default_np(&endless) != 0) return 2;
  std::size_t taken = 0;
  pthread_getattr_default_np(&endless);
  pthread_attr_getstacksize(&endless, &taken);
  if (taken < SIZE_MAX / 2) return no_such_size;
#define PARK_TESTS_START(lot) \
  if (const int error = start_without_room<park::lot>(); error != 0) return error;
  PARK_FOR_EACH_LOT(PARK_TESTS_START)
#undef PARK_TESTS_START
  return 0;  // which waits for nobody
});

TEST(thread_system, a_thread_that_cannot_be_had_leaves_nothing) {
  if (support::thread_sanitizer || support::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at the stack first";
  const support::ended ended = support::run_program("thread_without_room", [] {});
  if (ended.exit_code == no_such_size) GTEST_SKIP() << "this C library has no stack too large to be had";
  EXPECT_EQ(0, ended.exit_code) << ended.output;
}

}  // namespace
