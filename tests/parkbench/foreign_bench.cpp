// A stranger's binary of Google Benchmark's, for the report; recorded/ holds what it told with three versions of the library.
#include <benchmark/benchmark.h>

#include <chrono>
#include <mutex>
#include <string>
#include <thread>

namespace {

void BM_Sleep(benchmark::State& state) {
  for (auto _ : state) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}
BENCHMARK(BM_Sleep)->Threads(1)->Threads(4)->UseRealTime()->Unit(benchmark::kMillisecond);

struct Nothing {
  void lock() {}
  void unlock() {}
};

template <class Mutex>
void BM_Lock(benchmark::State& state) {
  static Mutex mutex;
  for (auto _ : state) {
    const std::lock_guard hold(mutex);
    benchmark::DoNotOptimize(&mutex);
  }
}
BENCHMARK_TEMPLATE(BM_Lock, std::mutex)->ThreadRange(1, 4)->UseRealTime();
BENCHMARK_TEMPLATE(BM_Lock, Nothing)->ThreadRange(1, 4)->UseRealTime();

void BM_Copy(benchmark::State& state) {
  std::string from(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(std::string(from));
}
BENCHMARK(BM_Copy)->Arg(64);

void BM_Fails(benchmark::State& state) {
  state.SkipWithError("out of luck");
  for (auto _ : state) {
  }
}
BENCHMARK(BM_Fails);

}  // namespace

BENCHMARK_MAIN();
