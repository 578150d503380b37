// Where the standard libraries are known to deviate from the standard, and why, for each version that the suite has been held against.
#include "conformance/deviations.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <span>
#include <string>

#include "conformance/subject.hpp"

namespace conformance {
namespace {

using enum deviation;

#if !defined(PARK_CONFORMANCE_OF_STD)

constexpr std::span<const known_deviation> deviations;  // of park: none

#elif defined(_LIBCPP_VERSION)

// libc++ 19.
constexpr known_deviation deviations[] = {
    {"semaphore.try_acquire_is_noexcept", fails, "the word is missing"},
    {"timeout.that_is_the_least_of_its_type_is_a_look", hangs, "hours and seconds overflow as nanoseconds"},
    {"timeout.that_is_the_greatest_of_seconds_is_a_wait", fails, "seconds overflow as nanoseconds"},
    {"timeout.that_is_the_greatest_of_hours_is_a_wait", fails, "hours overflow as nanoseconds"},
    {"timeout.that_is_the_greatest_of_float_is_a_wait", fails, "floating-point seconds overflow as nanoseconds"},
    {"deadline.that_is_the_greatest_of_system_clock_is_a_wait", fails, "its microseconds overflow as nanoseconds"},
    {"deadline.that_is_the_greatest_of_another_clock_is_a_wait", fails, "the difference to now overflows"},
    {"deadline.that_is_the_greatest_in_hours_is_a_wait", fails, "hours overflow as nanoseconds"},
    {"deadline.on_a_clock_slower_than_the_steady_one_is_kept", fails,
     "it waits on the steady clock alone: [thread.req.timing] asks for more, but does not demand it"},
    {"barrier.is_constant_initialized", fails, "its constructor is not constexpr: it allocates a tree"},
    {"barrier.is_made_of_every_count_up_to_max", throws, "it allocates a tree of max() nodes"},
    {"barrier.arrive_counts_to_max", throws, "it allocates a tree of max() nodes"},
    {"completion.that_is_constexpr_leaves_the_barrier_constant_initialized", fails,
     "its constructor is not constexpr: it allocates a tree"},
    {"completion.is_moved_once_from_the_parameter", fails, "it is moved into the parameter of a base first"},
    {"completion.that_throws_terminates", fails,
     "without LWG 3898: the exception leaves arrive, and the phase never ends"},
};

#else

// libstdc++ 12.
constexpr known_deviation deviations[] = {
    {"semaphore.is_constant_initialized_from_zero_to_max", fails, "its constructor is not constexpr"},
    {"semaphore.max_may_be_that_of_ptrdiff_t", fails, "it counts in int, and asserts that no more is asked for"},
    {"timeout.that_is_the_greatest_of_nanoseconds_is_a_wait", fails, "the sum of now and the timeout overflows"},
    {"timeout.that_is_the_greatest_of_seconds_is_a_wait", fails, "seconds overflow as nanoseconds"},
    {"timeout.that_is_the_greatest_of_hours_is_a_wait", fails, "hours overflow as nanoseconds"},
    {"timeout.that_is_the_greatest_of_float_is_a_wait", fails, "floating-point seconds overflow as nanoseconds"},
    {"deadline.that_is_the_least_of_system_clock_is_a_look", hangs, "the difference to now overflows: it is far ahead"},
    {"deadline.that_is_the_greatest_of_another_clock_is_a_wait", dies,
     "the difference to now overflows, the kernel refuses the time, and the exception meets a noexcept"},
    {"deadline.may_be_in_units_other_than_its_clocks", fails,
     "its backoff takes Clock::now() for a time in those units"},
    {"deadline.on_a_clock_that_throws_throws", dies, "it calls Clock::now() in functions that are noexcept"},
    {"barrier.is_constant_initialized", fails, "its constructor is not constexpr: it allocates a tree"},
    {"barrier.is_made_of_every_count_up_to_max", throws, "it allocates a tree of max() nodes"},
    {"barrier.arrive_counts_to_max", throws, "it allocates a tree of max() nodes"},
    {"completion.that_is_constexpr_leaves_the_barrier_constant_initialized", fails,
     "its constructor is not constexpr: it allocates a tree"},
    {"completion.is_moved_once_from_the_parameter", fails, "it is moved into the parameter of a base first"},
    {"completion.that_throws_terminates", fails,
     "without LWG 3898: the exception leaves arrive, and the phase never ends"},
};

#endif

}  // namespace

const known_deviation* find_deviation(std::string_view expectation) {
  for (const known_deviation& each : deviations) {
    if (each.expectation == expectation) return &each;
  }
  return nullptr;
}

// An entry that no test asks for would say nothing any more.
TEST(deviations, are_from_expectations_that_there_are) {
  std::set<std::string, std::less<>> expectations;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      expectations.insert(std::string(suite.name()) + "." + suite.GetTestInfo(j)->name());
    }
  }
  for (const known_deviation& each : deviations)
    EXPECT_TRUE(expectations.contains(each.expectation)) << each.expectation;
}

}  // namespace conformance
