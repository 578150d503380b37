#include "sandbox/call_table.hpp"

#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sandbox {
namespace {

struct named_call {
  const char* name;
  int argument;  // of its operation
  std::vector<long> numbers;
};

const std::vector<named_call>& calls() {
  static const std::vector<named_call> all = {
      {"futex",
       1,
       {
#if defined(SYS_futex)
           SYS_futex,
#endif
#if defined(SYS_futex_time64)
           SYS_futex_time64,
#endif
       }},
      {"prctl", 0, {SYS_prctl}},
      {"clone", -1, {SYS_clone, SYS_clone3}},
      {"mmap",
       -1,
       {
           SYS_mmap,
#if defined(SYS_mmap2)
           SYS_mmap2,
#endif
       }},
      {"sched_yield", -1, {SYS_sched_yield}},
      {"sched_getaffinity", -1, {SYS_sched_getaffinity}},
      {"openat", -1, {SYS_openat}},
      {"read", -1, {SYS_read}},
      {"write", -1, {SYS_write}},
      {"close", -1, {SYS_close}},
      {"getpid", -1, {SYS_getpid}},
      {"gettid", -1, {SYS_gettid}},
      {"tgkill", -1, {SYS_tgkill}},
      {"rt_sigaction", -1, {SYS_rt_sigaction}},
      {"rt_sigprocmask", -1, {SYS_rt_sigprocmask}},
      {"munmap", -1, {SYS_munmap}},
      {"mprotect", -1, {SYS_mprotect}},
      {"madvise", -1, {SYS_madvise}},
      {"brk", -1, {SYS_brk}},
      {"rseq", -1, {SYS_rseq}},
      {"set_robust_list", -1, {SYS_set_robust_list}},
      {"exit", -1, {SYS_exit}},
  };
  return all;
}

struct named_operation {
  const char* name;
  std::uint32_t value;
};

constexpr named_operation operations[] = {
    {"FUTEX_WAIT", FUTEX_WAIT},
    {"FUTEX_WAKE", FUTEX_WAKE},
    {"FUTEX_WAIT_PRIVATE", FUTEX_WAIT | FUTEX_PRIVATE_FLAG},
    {"FUTEX_WAIT_BITSET_PRIVATE", FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG},
    {"FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME", FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME},
    {"FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME", FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME},
    {"FUTEX_WAKE_PRIVATE", FUTEX_WAKE | FUTEX_PRIVATE_FLAG},
    {"FUTEX_CMP_REQUEUE_PRIVATE", FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG},
    {"PR_SET_NAME", PR_SET_NAME},
    {"PR_GET_NAME", PR_GET_NAME},
};

// Throws std::out_of_range.
template <class List>
const auto& named(const List& all, const std::string& name) {
  const auto found = std::find_if(std::begin(all), std::end(all), [&](const auto& each) { return each.name == name; });
  if (found == std::end(all)) throw std::out_of_range("what is " + name + "?");
  return *found;
}

row read_row(const std::string& line) {
  std::istringstream words(line);
  std::string build, how, name, operation;
  row read;
  words >> read.act >> build >> how >> name >> operation;
  if (build != "on" && build != "off" && build != "both") throw std::out_of_range("the build is on, off or both");
  if (how != "must" && how != "may") throw std::out_of_range("it must or it may");
  read.requeuing = build != "off";
  read.plain = build != "on";
  read.must = how == "must";
  const named_call& call = named(calls(), name);
  read.call = {.numbers = call.numbers, .text = name};
  if (call.argument >= 0) {
    read.call.argument = call.argument;
    read.call.operation = named(operations, operation).value;
    read.call.text += " " + operation;
  }
  return read;
}

}  // namespace

std::vector<row> read_table(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read");
  std::vector<row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    try {
      rows.push_back(read_row(line));
    } catch (const std::out_of_range& error) {
      throw std::runtime_error(path + ": " + error.what() + ": " + line);
    }
  }
  return rows;
}

std::vector<long> numbers_of(const std::string& name) { return named(calls(), name).numbers; }

std::string name_of(long number, std::uint32_t operation) {
  for (const named_call& call : calls()) {
    if (std::find(call.numbers.begin(), call.numbers.end(), number) == call.numbers.end()) continue;
    if (call.argument < 0) return call.name;
    for (const named_operation& each : operations)
      if (each.value == operation) return std::string(call.name) + " " + each.name;
    return std::string(call.name) + " with operation " + std::to_string(operation);
  }
  return "system call " + std::to_string(number);
}

}  // namespace sandbox
