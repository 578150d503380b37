// What is known of the subject beforehand: which expectations it does not meet.
#pragma once

#include <string_view>

namespace conformance {

enum class deviation {
  fails,   // the test finds something else
  throws,  // an exception leaves it
  dies,    // it ends the process
  hangs,   // it does not come back
};

struct known_deviation {
  std::string_view expectation;  // suite.name
  deviation how;
  const char* reason;
};

// That of the subject from `expectation`; null where it is expected to conform.
const known_deviation* find_deviation(std::string_view expectation);

}  // namespace conformance
