#include "tune.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <system_error>

namespace park::detail {
namespace {

std::string known_names() {
  std::string names;
  for (const constant& each : constants) names.append(names.empty() ? "" : ", ").append(each.name);
  return names;
}

std::string set(tuning& to, std::string_view assignment) {
  const std::string said(assignment);
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return "\"" + said + "\" is not name=value";
  const auto* const found = std::ranges::find(constants, assignment.substr(0, equals), &constant::name);
  if (found == std::end(constants)) return "\"" + said + "\" names no constant; there are " + known_names();
  const std::string digits(assignment.substr(equals + 1));
  const char* const end = digits.c_str() + digits.size();
  std::uint32_t value = 0;
  const auto [stopped, error] = std::from_chars(digits.c_str(), end, value);
  if (error != std::errc() || stopped != end || value < found->least || value > found->most) {
    return "\"" + said + "\": it takes whole numbers from " + std::to_string(found->least) + " to " +
           std::to_string(found->most);
  }
  to.*found->place = value;
  return {};
}

}  // namespace

std::string tune(tuning& to, std::string_view text) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string complaint = set(to, text.substr(0, comma));
    if (!complaint.empty()) return complaint;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return {};
}

}  // namespace park::detail
