// Checks the scenarios whose names begin with one of the arguments, or all. The exit status is 0 when every one of them holds.
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "checker.hpp"

namespace model {

std::vector<entry>& scenarios() {
  static std::vector<entry> all;
  return all;
}

namespace {

std::string describe(search how) {
  switch (how.how) {
    case search::kind::exhaustive:
      return "exhaustive";
    case search::kind::bounded:
      return "every " + std::to_string(how.limit) + " preemptions";
    default:
      return "random";
  }
}

bool selected(const entry& what, int count, char** prefixes) {
  if (count == 0) return true;
  for (int index = 0; index < count; ++index) {
    if (what.name.starts_with(prefixes[index])) return true;
  }
  return false;
}

bool check_all_searches(const entry& what) {
  for (const search how : what.searches) {
    const outcome result = run(what, how);
    std::printf("%-48s %u threads  %-20s %9llu schedules %6.1f s  %s\n", what.name.c_str(), what.threads, describe(how).c_str(),
                static_cast<unsigned long long>(result.schedules), result.seconds, result.verdict.c_str());
    std::fflush(stdout);
    if (result.holds) continue;
    std::fputs(result.history.c_str(), stdout);
    return false;
  }
  return true;
}

}  // namespace

int check_selected(int count, char** prefixes) {
  unsigned checked = 0, broken = 0;
  for (const entry& what : scenarios()) {
    if (!selected(what, count, prefixes)) continue;
    ++checked;
    if (!check_all_searches(what)) ++broken;
  }
  if (checked == 0) {
    std::fputs("park_model_tests: no scenario has that name; choose from:\n", stderr);
    for (const entry& what : scenarios()) std::fprintf(stderr, "  %s\n", what.name.c_str());
    return 2;
  }
  std::printf("%u scenarios, %u broken\n", checked, broken);
  return broken == 0 ? 0 : 1;
}

}  // namespace model

int main(int count, char** arguments) { return model::check_selected(count - 1, arguments + 1); }
