// Stands in for Google Benchmark, of which it has what this folder uses: an installed Google Benchmark belongs to one
// standard library, and programs of another cannot be linked with it.
//
// The measured loop is Google Benchmark's own: it counts down a number in a register, and the iterations are found as
// there. driver.cpp beside it runs what is registered.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace benchmark {

template <class Value>
inline void DoNotOptimize(Value& value) {
  asm volatile("" : "+r,m"(value) : : "memory");
}
template <class Value>
inline void DoNotOptimize(Value const& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}
inline void ClobberMemory() { asm volatile("" : : : "memory"); }

class State {
 public:
  using clock = std::chrono::steady_clock;

  explicit State(std::int64_t iterations) : iterations_(iterations) {}

  std::int64_t iterations() const { return iterations_; }
  void SetIterationTime(double seconds) { seconds_ = seconds; }
  void SkipWithError(const char* message) { error_ = message; }

  // for (auto _ : state)
  struct [[maybe_unused]] Value {};
  class Iterator {
   public:
    Iterator() = default;
    explicit Iterator(State& state) : left_(state.iterations_), state_(&state) {}
    Value operator*() const { return {}; }
    Iterator& operator++() {
      --left_;
      return *this;
    }
    bool operator!=(const Iterator&) const {
      if (left_ != 0) [[likely]]
        return true;
      state_->end_ = clock::now();
      return false;
    }

   private:
    std::int64_t left_ = 0;
    State* state_ = nullptr;
  };
  Iterator begin() {
    const Iterator first(*this);
    begin_ = clock::now();
    return first;
  }
  Iterator end() { return {}; }

  // Seconds of the whole loop, as it measured or was told.
  double seconds() const { return seconds_ >= 0 ? seconds_ : std::chrono::duration<double>(end_ - begin_).count(); }
  const std::string& error() const { return error_; }

  std::map<std::string, double> counters;

 private:
  const std::int64_t iterations_;
  double seconds_ = -1;
  clock::time_point begin_, end_;
  std::string error_;
};

struct Registered {
  std::string name;
  std::function<void(State&)> run;
  double min_time = 0.5;
  std::int64_t iterations = 0;  // 0: as many as take min_time

  Registered* MinTime(double seconds) { return min_time = seconds, this; }
  Registered* Iterations(std::int64_t count) { return iterations = count, this; }
  Registered* UseManualTime() { return this; }
};

std::vector<Registered>& registered();

// The pointer holds until the next is registered.
inline Registered* RegisterBenchmark(const char* name, std::function<void(State&)> run) {
  return &registered().emplace_back(Registered{name, std::move(run)});
}

}  // namespace benchmark
