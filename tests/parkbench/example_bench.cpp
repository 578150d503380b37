// A binary of Google Benchmark's as anybody has one, for the gate's end-to-end test; EXAMPLE_STEPS makes one benchmark slower.
#include <benchmark/benchmark.h>

namespace {

void chain(benchmark::State& state, int steps) {
  unsigned value = 1;
  for (auto _ : state) {
    for (int step = 0; step < steps; ++step) {
      value = value * 1664525u + 1013904223u;
      benchmark::DoNotOptimize(value);
    }
  }
}

void changed(benchmark::State& state) { chain(state, EXAMPLE_STEPS); }
void unchanged(benchmark::State& state) { chain(state, static_cast<int>(state.range(0))); }
BENCHMARK(changed);
BENCHMARK(unchanged)->Arg(300);
BENCHMARK(changed)->Name("changed<by, two>")->Threads(2)->Repetitions(3);  // what a filter has to quote

}  // namespace

BENCHMARK_MAIN();
