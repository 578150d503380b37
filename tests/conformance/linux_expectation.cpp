#include <unistd.h>

#include <csignal>
#include <string>

#include "conformance/deviations.hpp"
#include "conformance/expectation.hpp"
#include "support/child.hpp"

namespace conformance {
namespace {

constexpr int fails_code = 1, throws_code = 2;

// The seconds after which it is taken to hang: few only where that is expected, since a machine may be slow.
unsigned patience(deviation how) { return how == deviation::hangs ? 5 : 50; }

[[noreturn]] void run_and_leave(void (*body)(), deviation how) {
  alarm(patience(how));
  try {
    body();
  } catch (...) {
    support::leave(throws_code);
  }
  support::leave(testing::Test::HasFailure() ? fails_code : 0);
}

const char* text(const support::ended& end) {
  if (end.signal == SIGALRM) return "hangs";
  if (end.signal != 0) return "dies";
  return end.exit_code == fails_code ? "fails" : end.exit_code == throws_code ? "throws" : "conforms";
}

const char* text(deviation how) {
  switch (how) {
    case deviation::fails:
      return "fails";
    case deviation::throws:
      return "throws";
    case deviation::dies:
      return "dies";
    case deviation::hangs:
      return "hangs";
  }
  return "";
}

}  // namespace

void hold(void (*body)()) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  const known_deviation* const known = find_deviation(std::string(test.test_suite_name()) + "." + test.name());
  if (known == nullptr) return body();
  testing::Test::RecordProperty("deviates", std::string(text(known->how)) + ": " + known->reason);
  const support::ended end = support::in_child([=] { run_and_leave(body, known->how); });
  EXPECT_STREQ(text(known->how), text(end)) << "what it does now is not what deviations.cpp says; it printed:\n"
                                            << end.output;
}

}  // namespace conformance
