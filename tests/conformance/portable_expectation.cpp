#include <string>

#include "conformance/deviations.hpp"
#include "conformance/expectation.hpp"

namespace conformance {

// In this process: a library that deviates cannot be held here.
void hold(void (*body)()) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  ASSERT_EQ(nullptr, find_deviation(std::string(test.test_suite_name()) + "." + test.name()));
  body();
}

}  // namespace conformance
