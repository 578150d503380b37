#include "conformance/compiler.hpp"

namespace conformance {
namespace {

// What else the test looks at, it does; then it is named as skipped, if nothing failed.
testing::AssertionResult not_asked() {
  [] { GTEST_SKIP() << "nobody has written how to ask the compiler on this system"; }();
  return testing::AssertionSuccess();
}

}  // namespace

testing::AssertionResult compiles(const std::string&) { return not_asked(); }
testing::AssertionResult is_ill_formed(const std::string&, const std::string&) { return not_asked(); }

}  // namespace conformance
