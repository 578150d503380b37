// park_model_tests [--schedules=N] [NAME]...
//
// Checks the scenarios that are named, one (latch.opens) or a file of them (latch), or all; --schedules lets each random search try so
// many. The exit status is 0 when all of them hold, 1 when one does not: then the schedule that broke it is printed, step by step.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
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

bool selected(const entry& what, const std::vector<std::string>& names) {
  const auto named = [&](const std::string& name) { return what.name == name || what.name.starts_with(name + "."); };
  return names.empty() || std::any_of(names.begin(), names.end(), named);
}

bool check_all_searches(const entry& what, std::optional<unsigned> schedules) {
  for (search how : what.searches) {
    if (how.how == search::kind::random) how.limit = schedules.value_or(how.limit);
    const outcome result = run(what, how);
    std::printf("%-48s %u threads  %-20s %9llu schedules %6.1f s  %s\n", what.name.c_str(), what.threads,
                describe(how).c_str(), static_cast<unsigned long long>(result.schedules), result.seconds,
                result.verdict.c_str());
    std::fflush(stdout);
    if (result.holds) continue;
    std::fputs(result.history.c_str(), stdout);
    return false;
  }
  return true;
}

int check_all(const std::vector<std::string>& names, std::optional<unsigned> schedules) {
  unsigned checked = 0, broken = 0;
  for (const entry& what : scenarios()) {
    if (!selected(what, names)) continue;
    ++checked;
    if (!check_all_searches(what, schedules)) ++broken;
  }
  if (checked == 0) {
    std::fputs("park_model_tests: no scenario has that name; choose from:\n", stderr);
    for (const entry& what : scenarios()) std::fprintf(stderr, "  %s\n", what.name.c_str());
    return 2;
  }
  std::printf("%u scenarios, %u broken\n", checked, broken);
  return broken == 0 ? 0 : 1;
}

// More than 0.
std::optional<unsigned> parse_count(std::string_view text) {
  unsigned count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count == 0) return std::nullopt;
  return count;
}

}  // namespace
}  // namespace model

int main(int count, char** arguments) {
  constexpr std::string_view option = "--schedules=";
  std::vector<std::string> names(arguments + 1, arguments + count);
  std::optional<unsigned> schedules;
  if (!names.empty() && names.front().starts_with("-")) {
    if (names.front().starts_with(option)) schedules = model::parse_count(names.front().substr(option.size()));
    if (!schedules) {
      std::fputs("usage: park_model_tests [--schedules=N] [NAME]...; N is 1 or more\n", stderr);
      return 2;
    }
    names.erase(names.begin());
  }
  return model::check_all(names, schedules);
}
