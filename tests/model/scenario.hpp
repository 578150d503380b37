// A scenario: a few threads around one object, and what must hold of them in every schedule.
#pragma once

#include <cstddef>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace model {

// A new one is made for each schedule, before its threads run, and destroyed after them.
class scenario {
 public:
  virtual ~scenario() = default;
  virtual void thread(unsigned index) = 0;
  virtual void after() {}  // runs alone, when all threads have returned
};

// Which schedules are tried: every one, every one with so many preemptions, or so many at random.
struct search {
  enum class kind { exhaustive, bounded, random };

  kind how;
  unsigned limit;
};

constexpr search exhaustive() { return {search::kind::exhaustive, 0}; }
constexpr search bounded(unsigned preemptions) { return {search::kind::bounded, preemptions}; }
constexpr search random(unsigned schedules) { return {search::kind::random, schedules}; }

struct entry {
  std::string name;
  unsigned threads;  // 2 to 4
  std::vector<search> searches;
  scenario& (*make)(void* where);
};

inline constexpr std::size_t scenario_size = 1024;

template <class Scenario>
scenario& make(void* where) {
  static_assert(sizeof(Scenario) <= scenario_size);
  return *::new (where) Scenario;
}

// All that this program can check.
std::vector<entry>& scenarios();

// Adds to them: one of these, with its table, ends each file of scenarios.
struct table {
  explicit table(const std::vector<entry>& entries) {
    scenarios().insert(scenarios().end(), entries.begin(), entries.end());
  }
};

// An object that is destroyed when a thread says so, or else with its scenario.
template <class T>
class mortal {
 public:
  template <class... Arguments>
  explicit mortal(Arguments&&... arguments) : value_(std::forward<Arguments>(arguments)...) {}
  ~mortal() {
    if (alive_) value_.~T();
  }

  T* operator->() noexcept { return &value_; }
  T& operator*() noexcept { return value_; }

  void destroy() {
    alive_ = false;
    value_.~T();
  }

 private:
  union {
    T value_;
  };
  bool alive_ = true;
};

}  // namespace model
