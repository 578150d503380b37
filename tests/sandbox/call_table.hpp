// src/lot/system_calls.txt, read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sandbox {

// One system call, and where it is one of many operations, which.
struct permitted {
  std::vector<long> numbers;  // those that the architecture has for it
  int argument = -1;          // where the operation stands; -1: it has none
  std::uint32_t operation = 0;
  std::string text;
};

struct row {
  std::string act;
  bool requeuing = true, plain = true;  // which builds it is of
  bool must = false;
  permitted call;
};

// All rows; throws std::runtime_error, with the line, where one is not understood.
std::vector<row> read_table(const std::string& path);

// Of a system call that the table may name.
std::vector<long> numbers_of(const std::string& name);

// What the report of a refusal calls a system call.
std::string name_of(long number, std::uint32_t operation);

}  // namespace sandbox
