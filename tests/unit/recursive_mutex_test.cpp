// park::recursive_mutex: one test per sentence of its contract. Its timed and stoppable locks: timeout_test, stop_test.
#include "park/recursive_mutex.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <system_error>

#include "support/crew.hpp"
#include "support/lots.hpp"
#include "support/synchronizing.hpp"

namespace {

using namespace std::chrono_literals;

template <class Lot>
class recursive_mutex : public testing::Test {
 protected:
  using type = park::basic_recursive_mutex<Lot>;

  // Whether a thread that does not hold the mutex could have it.
  static bool is_free(type& mutex) {
    bool free = false;
    support::crew other(1, [&](int) {
      free = mutex.try_lock();
      if (free) mutex.unlock();
    });
    other.join();
    return free;
  }

  static void lock_to_the_last(type& mutex) {
    for (std::uint32_t depth = 0; depth < type::max_depth(); ++depth) mutex.lock();
  }
};
TYPED_TEST_SUITE(recursive_mutex, support::lots, support::by_name);

TYPED_TEST(recursive_mutex, is_held_by_one_thread_at_a_time) {
  const int threads = 4, rounds = support::scaled(2000);
  typename TestFixture::type access;
  int inside = 0, visits = 0;  // not atomic: the mutex guards them
  {
    support::crew crew(threads, [&](int) {
      for (int round = 0; round < rounds; ++round) {
        const std::lock_guard outer(access);
        EXPECT_EQ(1, ++inside);
        {
          const std::lock_guard inner(access);
          ++visits;
        }
        --inside;
      }
    });
  }
  EXPECT_EQ(threads * rounds, visits);
}

TYPED_TEST(recursive_mutex, is_locked_again_by_its_owner_in_every_way) {
  typename TestFixture::type access;
  const auto times = {
      +[](typename TestFixture::type& it) { return it.lock(), true; },
      +[](typename TestFixture::type& it) { return it.try_lock(); },
      +[](typename TestFixture::type& it) { return it.try_lock_for(0s); },
      +[](typename TestFixture::type& it) { return it.try_lock_until(std::chrono::steady_clock::time_point::min()); },
      +[](typename TestFixture::type& it) { return it.lock(std::stop_token()); },
      +[](typename TestFixture::type& it) { return it.try_lock_for(std::stop_token(), 0s); },
      +[](typename TestFixture::type& it) {
        return it.try_lock_until(std::stop_token(), std::chrono::system_clock::time_point::min());
      }};
  for (const auto first : times) {
    EXPECT_TRUE(first(access));
    for (const auto again : times) EXPECT_TRUE(again(access));
    for (std::size_t left = times.size() + 1; left > 0; --left) {
      EXPECT_FALSE(this->is_free(access));
      access.unlock();
    }
    EXPECT_TRUE(this->is_free(access));
  }
}

TYPED_TEST(recursive_mutex, serves_the_standards_guards) {
  typename TestFixture::type first, second;
  const std::scoped_lock hold(first, second);
  const std::lock_guard again(first);
  const std::unique_lock in_time(second, 1h);
  EXPECT_TRUE(in_time.owns_lock());
}

TYPED_TEST(recursive_mutex, each_unlock_synchronizes_with_every_kind_of_later_lock) {
  typename TestFixture::type access;
  support::expect_every_lock_to_synchronize(access);
}

TYPED_TEST(recursive_mutex, unlock_by_a_thread_that_does_not_hold_it_throws_and_changes_nothing) {
  typename TestFixture::type access;
  EXPECT_THROW(access.unlock(), park::not_owner_error);
  EXPECT_TRUE(this->is_free(access));
  EXPECT_THROW(access.unlock(), park::not_owner_error);  // the one that held it last is another
  access.lock();
  access.lock();
  support::crew other(1, [&](int) { EXPECT_THROW(access.unlock(), park::not_owner_error); });
  other.join();
  EXPECT_FALSE(this->is_free(access));
  access.unlock();
  EXPECT_FALSE(this->is_free(access));
  access.unlock();
  EXPECT_TRUE(this->is_free(access));
  EXPECT_THROW(access.unlock(), park::not_owner_error);
}

TYPED_TEST(recursive_mutex, not_owner_error_is_a_system_error_of_operation_not_permitted) {
  typename TestFixture::type access;
  try {
    access.unlock();
    FAIL() << "nothing was thrown";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::errc::operation_not_permitted, error.code());
  }
}

TYPED_TEST(recursive_mutex, beyond_max_depth_lock_throws_the_others_fail_and_nothing_changes) {
  typename TestFixture::type access;
  this->lock_to_the_last(access);
  try {
    access.lock();
    FAIL() << "nothing was thrown";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::errc::resource_unavailable_try_again, error.code());
  }
  EXPECT_THROW(static_cast<void>(access.lock(std::stop_token())), std::system_error);
  EXPECT_FALSE(access.try_lock());
  EXPECT_FALSE(access.try_lock_for(1h));
  EXPECT_FALSE(access.try_lock_until(std::chrono::steady_clock::now() + 1h));
  access.unlock();
  access.lock();
  for (std::uint32_t depth = TestFixture::type::max_depth(); depth > 1; --depth) access.unlock();
  EXPECT_FALSE(this->is_free(access));
  access.unlock();
  EXPECT_TRUE(this->is_free(access));
}

}  // namespace
