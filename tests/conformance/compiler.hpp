// Asking the compiler of this build about a few lines of code: what is ill-formed cannot stand in a test, nor what only park accepts.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace conformance {

// True when `code` compiles. It is in a namespace; the subject and what most code needs of the standard library are included.
testing::AssertionResult compiles(const std::string& code);

// True when it does not compile, and the compiler's messages match one of `reasons`, a regular expression.
testing::AssertionResult is_ill_formed(const std::string& code, const std::string& reasons);

}  // namespace conformance
