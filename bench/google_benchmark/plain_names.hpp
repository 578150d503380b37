// plain_names<Reporter>: a reporter of Google Benchmark that calls each cell by its own name.
//
// Google Benchmark appends to it how the benchmark is run, as in "/iterations:1/manual_time". Those who read our JSON
// want <workload>/<implementation>/threads:<T> and nothing else.
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

namespace bench {

template <class Reporter>
class plain_names final : public Reporter {
 public:
  using Reporter::Reporter;

  void ReportRuns(const std::vector<benchmark::BenchmarkReporter::Run>& runs) override {
    std::vector<benchmark::BenchmarkReporter::Run> renamed = runs;
    for (auto& run : renamed) {
      benchmark::BenchmarkName plain;
      plain.function_name = run.run_name.function_name;
      run.run_name = plain;
    }
    Reporter::ReportRuns(renamed);
  }
};

}  // namespace bench
