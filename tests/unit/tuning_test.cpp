// What PARK_TUNING may say, in a build where it is read.
#include <gtest/gtest.h>

#include <string>

#include "tune.hpp"

namespace {

using park::detail::constant;
using park::detail::constants;
using park::detail::tune;
using park::detail::tuning;

std::string complaint_of(const std::string& text) {
  tuning to;
  return tune(to, text);
}

TEST(tuning, sets_the_constants_that_are_named_and_no_other) {
  for (const constant& each : constants) {
    tuning to;
    const std::uint32_t value = each.most;
    EXPECT_EQ("", tune(to, std::string(each.name) + "=" + std::to_string(value)));
    for (const constant& other : constants) {
      EXPECT_EQ(&each == &other ? value : tuning().*other.place, to.*other.place) << each.name << ", " << other.name;
    }
  }
}

TEST(tuning, takes_several_and_none) {
  tuning to;
  EXPECT_EQ("", tune(to, ""));
  EXPECT_EQ("", tune(to, "longest_gap=3,first_phase_ns=0"));
  EXPECT_EQ(3u, to.longest_gap);
  EXPECT_EQ(0u, to.first_phase_ns);
}

TEST(tuning, the_defaults_are_in_their_own_range) {
  for (const constant& each : constants) {
    EXPECT_LE(each.least, tuning().*each.place) << each.name;
    EXPECT_GE(each.most, tuning().*each.place) << each.name;
  }
}

TEST(tuning, names_what_it_does_not_know_and_what_there_is) {
  EXPECT_NE(std::string::npos, complaint_of("longest_gab=3").find("\"longest_gab=3\" names no constant"));
  EXPECT_NE(std::string::npos, complaint_of("longest_gab=3").find("longest_gap"));
}

TEST(tuning, names_a_value_that_makes_no_sense_and_the_range) {
  for (const char* const text : {"longest_gap=0", "longest_gap=1025", "longest_gap=-1", "longest_gap=2.5",
                                 "longest_gap=", "longest_gap=3x", "longest_gap=99999999999"}) {
    const std::string complaint = complaint_of(text);
    EXPECT_NE(std::string::npos, complaint.find(text));
    EXPECT_NE(std::string::npos, complaint.find(": it takes whole numbers from 1 to 1024")) << complaint;
  }
  EXPECT_EQ("\"longest_gap\" is not name=value", complaint_of("first_phase_ns=1,longest_gap"));
}

}  // namespace
