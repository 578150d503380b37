// support::program: something that a test executable does instead of running its tests, when a test runs it again as a child.
#pragma once

#include <string>

namespace support {

// A static object of the test that needs it.
class program {
 public:
  // The command line that asks for a program is this, and its name.
  static inline const std::string option = "--park_program=";

  program(const char* name, int (*body)()) : run(body), name_(name), next_(first_) { first_ = this; }

  // The program that the command line asks for; null for none.
  static const program* wanted(int argc, char** argv) {
    if (argc != 2) return nullptr;
    const program* each = first_;
    while (each != nullptr && argv[1] != option + each->name_) each = each->next_;
    return each;
  }

  int (*const run)();

 private:
  static inline constinit program* first_ = nullptr;

  const char* const name_;
  program* const next_;
};

}  // namespace support
