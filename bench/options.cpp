#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <thread>

namespace bench {
namespace {

constexpr double shortest_cell = 0.001, longest_cell = 3600;

seconds parse_cell_seconds(const std::string& flag, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= shortest_cell && value <= longest_cell)) {
    throw usage_error("--" + flag + "=" + text + ": give seconds from 0.001 to 3600, for example --" + flag + "=0.15");
  }
  return seconds(value);
}

unsigned parse_thread_count(std::string_view text, const std::string& context) {
  unsigned value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stopped != text.data() + text.size() || value < 1 || value > most_threads) {
    throw usage_error(context + ": give whole numbers from 1 to " + std::to_string(most_threads) +
                      ", for example --threads=1,2,4");
  }
  return value;
}

std::set<unsigned> parse_threads(const std::string& text) {
  std::set<unsigned> counts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    counts.insert(parse_thread_count(std::string_view(text).substr(begin, comma - begin), "--threads=" + text));
    begin = comma + 1;
  }
  return counts;
}

// The T of every threads:T in the filter, so that --benchmark_filter=^hand_off/park/threads:2$ needs no --threads
// beside it.
std::set<unsigned> threads_named_in(const std::string& filter) {
  constexpr std::string_view key = "threads:", digits = "0123456789";
  std::set<unsigned> counts;
  for (std::size_t at = filter.find(key); at != std::string::npos; at = filter.find(key, at)) {
    at += key.size();
    const std::size_t end = std::min(filter.find_first_not_of(digits, at), filter.size());
    if (end > at)
      counts.insert(parse_thread_count(std::string_view(filter).substr(at, end - at), "--benchmark_filter=" + filter));
  }
  return counts;
}

pin_policy parse_pin(std::string_view name, const std::string& context) {
  if (const auto found = find_pin_policy(name)) return *found;
  throw usage_error(context + ": give none, cores, siblings, llc, numa or one, for example --pin=none,cores");
}

std::set<pin_policy> parse_pins(const std::string& text) {
  std::set<pin_policy> pins;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    pins.insert(parse_pin(std::string_view(text).substr(begin, comma - begin), "--pin=" + text));
    begin = comma + 1;
  }
  return pins;
}

// The P of every pin:P in the filter, as threads_named_in.
std::set<pin_policy> pins_named_in(const std::string& filter) {
  constexpr std::string_view key = "pin:", letters = "abcdefghijklmnopqrstuvwxyz";
  std::set<pin_policy> pins;
  for (std::size_t at = filter.find(key); at != std::string::npos; at = filter.find(key, at)) {
    at += key.size();
    const std::size_t end = std::min(filter.find_first_not_of(letters, at), filter.size());
    if (end > at) pins.insert(parse_pin(std::string_view(filter).substr(at, end - at), "--benchmark_filter=" + filter));
  }
  return pins;
}

// Google Benchmark looks at these two only after it has started, and ends in its own way.
void check_format(const std::string& argument, const std::string& format) {
  constexpr std::string_view known[] = {"console", "json", "csv"};
  if (std::find(std::begin(known), std::end(known), format) == std::end(known)) {
    throw usage_error(argument + ": give console, json or csv");
  }
}

void check_output(const std::string& path) {
  if (!path.empty() && std::ofstream(path, std::ios::app)) return;
  throw usage_error("--benchmark_out=" + path + ": this file cannot be written; name another");
}

// The value if `argument` is --name=value.
bool has_value(const std::string& argument, const std::string& name, std::string& value) {
  if (argument.rfind("--" + name + "=", 0) != 0) return false;
  value = argument.substr(name.size() + 3);
  return true;
}

}  // namespace

std::vector<unsigned> default_sweep(unsigned cpus) {
  std::set<unsigned> counts{cpus, (3 * cpus + 1) / 2, 2 * cpus, 4 * cpus};
  for (unsigned small : {1u, 2u, 3u}) {
    if (small <= cpus) counts.insert(small);
  }
  for (unsigned power = 4; power <= cpus; power *= 2) {
    counts.insert(power);
    if (power / 2 * 3 <= cpus) counts.insert(power / 2 * 3);
  }
  return {counts.begin(), counts.end()};
}

options parse_options(int& argc, char** argv) {
  options found;
  std::set<unsigned> threads;
  std::set<pin_policy> pins;
  std::string file_format = "json";
  int kept = 1;
  for (int index = 1; index < argc; ++index) {
    const std::string argument = argv[index];
    std::string value;
    if (argument == "--help" || argument == "-h") {
      found.what = options::action::help;
    } else if (argument == "--list_cells") {
      found.what = options::action::list_cells;
    } else if (argument == "--machine") {
      found.what = options::action::machine;
    } else if (argument == "--probe") {
      found.what = options::action::probe;
    } else if (argument == "--exercise") {
      found.what = options::action::exercise;
    } else if (argument == "--count_system_calls") {
      found.count_system_calls = true;
    } else if (has_value(argument, "cell_seconds", value)) {
      found.cell_seconds = parse_cell_seconds("cell_seconds", value);
    } else if (has_value(argument, "benchmark_min_time", value)) {
      if (value.ends_with('s')) value.pop_back();
      found.cell_seconds = parse_cell_seconds("benchmark_min_time", value);
    } else if (argument == "--benchmark_list_tests" || argument == "--benchmark_list_tests=true") {
      found.what = options::action::list_names;
    } else if (has_value(argument, "threads", value)) {
      threads = parse_threads(value);
    } else if (has_value(argument, "pin", value)) {
      pins = parse_pins(value);
    } else if (has_value(argument, "benchmark_filter", value)) {
      found.filter = value;
    } else {
      if (has_value(argument, "benchmark_out", value)) check_output(value), found.file = value;
      if (has_value(argument, "benchmark_out_format", value)) check_format(argument, value), file_format = value;
      if (has_value(argument, "benchmark_format", value)) check_format(argument, value), found.display_format = value;
      argv[kept++] = argv[index];
    }
  }
  argc = kept;
  argv[argc] = nullptr;
  if (!found.file.empty()) found.file_format = file_format;
  if (threads.empty()) {
    threads = threads_named_in(found.filter);
    const auto sweep = default_sweep(std::max(1u, std::thread::hardware_concurrency()));
    threads.insert(sweep.begin(), sweep.end());
  }
  found.threads.assign(threads.begin(), threads.end());
  if (pins.empty()) pins = pins_named_in(found.filter);
  if (pins.empty()) pins.insert(pin_policy::none);
  found.pins.assign(pins.begin(), pins.end());
  return found;
}

void print_help() {
  std::puts(
      "usage: park_bench [--list_cells | --machine | --probe | --exercise | flags]\n"
      "  --list_cells             print as JSON what can be measured\n"
      "  --machine                print as JSON what is known of this machine and of the library\n"
      "  --probe                  print as JSON what relaxing, handing a cache line over and waking a thread cost "
      "here\n"
      "  --exercise               try whether every implementation does what it should; measures nothing\n"
      "  --cell_seconds=S         measure each cell for S seconds (0.15); --benchmark_min_time=S too\n"
      "  --threads=T,...          thread counts of the workloads that sweep them (1, 2, 3, 4 ... up to 4 x the CPUs, "
      "and those\n"
      "                           that --benchmark_filter names)\n"
      "  --pin=P,...              bind the threads of teams to CPUs: none (the default), cores, siblings, llc, numa, "
      "one\n"
      "  --count_system_calls     count system calls per operation; the times then mean nothing\n"
      "  --benchmark_filter=REGEX measure the cells that match, with -REGEX those that do not; names are\n"
      "                           <workload>/<implementation>/threads:<T>, with /pin:<P> behind where P is not none\n"
      "  --benchmark_out=FILE --benchmark_out_format=json   and all other flags of Google Benchmark");
}

}  // namespace bench
