// A binary of Google Benchmark's whose names are hard to find, whose main() prints beside them, and two of whose
// benchmarks share a name.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

namespace {

void run(benchmark::State& state, int steps) {
  for (auto _ : state) {
    for (int step = 0; step < steps; ++step) benchmark::DoNotOptimize(step);
  }
}

void add(const std::string& name, int steps) {
  benchmark::RegisterBenchmark(name.c_str(), [steps](benchmark::State& state) { run(state, steps); });
}

void fits(benchmark::State& state) {
  run(state, static_cast<int>(state.range(0)));
  state.SetComplexityN(state.range(0));
}

}  // namespace

int main(int count, char** arguments) {
  std::printf("Loading the data\nBM_%d\n", 1);  // as a main() may, whatever it is asked for
  for (char letter = ' ' + 1; letter < 127; ++letter) add(std::string("each/") + letter + "/end", 10);
  add("all/ !\"#$%&'()*+,-./0:;<=>?@A[\\]^_`a{|}~", 10);
  add("BM<std::pair<int, int>>/\303\274n\303\257c\303\266de/\346\227\245\346\234\254", 10);
  add("twice", 100);
  add("twice", 10000);
  benchmark::RegisterBenchmark("fitted", fits)->RangeMultiplier(2)->Range(64, 256)->Complexity();
  benchmark::RegisterBenchmark("median", [](benchmark::State& state) { run(state, 10); })
      ->Repetitions(3)
      ->ReportAggregatesOnly();
  benchmark::Initialize(&count, arguments);
  benchmark::RunSpecifiedBenchmarks();
}
