// What becomes of an exception that the callable of a thread does not catch.
#include "park/uncaught_exception.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "park/thread.hpp"
#include "support/lots.hpp"

namespace {

template <class Lot>
class uncaught_exception : public testing::Test {};
TYPED_TEST_SUITE(uncaught_exception, support::lots, support::by_name);

std::atomic<int> reported{0};
std::string last_thread, last_error;

void note(std::string_view name, const std::exception_ptr& error) {
  last_thread = name;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    last_error = known.what();
  } catch (...) {
    last_error = "unknown";
  }
  ++reported;
}

TYPED_TEST(uncaught_exception, is_reported_and_ends_this_thread_alone) {
  const auto before = park::set_uncaught_exception_handler(&note);
  EXPECT_EQ(&note, park::get_uncaught_exception_handler());
  reported = 0;
  bool dropped = false;
  {
    park::basic_thread<TypeParam> one(
        {.name = "thrower"}, [](const std::shared_ptr<void>&) { throw std::runtime_error("no such file"); },
        std::shared_ptr<void>(nullptr, [&](void*) { dropped = true; }));
  }
  EXPECT_EQ(1, reported);
  EXPECT_EQ("thrower", last_thread);
  EXPECT_EQ("no such file", last_error);
  EXPECT_TRUE(dropped);
  park::basic_thread<TypeParam>([] { throw 1; }).join();
  EXPECT_EQ(2, reported);
  EXPECT_EQ("unknown", last_error);
  EXPECT_EQ(&note, park::set_uncaught_exception_handler(nullptr));
  EXPECT_EQ(before, park::get_uncaught_exception_handler());
}

TYPED_TEST(uncaught_exception, is_printed_unless_told_otherwise) {
  testing::internal::CaptureStderr();
  park::basic_thread<TypeParam>({.name = "reader"}, [] { throw std::runtime_error("no such file"); }).join();
  park::basic_thread<TypeParam>({.name = "other"}, [] { throw 1; }).join();
  EXPECT_EQ(
      "park: uncaught exception in thread \"reader\": no such file\n"
      "park: uncaught exception in thread \"other\": not a std::exception\n",
      testing::internal::GetCapturedStderr());
}

TYPED_TEST(uncaught_exception, a_handler_may_end_the_program) {
  const auto run = [](park::uncaught_exception_handler handler) {
    park::set_uncaught_exception_handler(handler);
    park::basic_thread<TypeParam>([] { throw 1; }).join();
  };
  EXPECT_DEATH(run([](std::string_view, const std::exception_ptr&) { std::terminate(); }), "");
  EXPECT_DEATH(run([](std::string_view, const std::exception_ptr&) { throw 2; }), "");
}

}  // namespace
