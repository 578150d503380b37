// Heat spreads along a rod: each worker computes its part from the previous step; the barrier's completion step swaps the two.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <park/barrier.hpp>
#include <thread>
#include <utility>
#include <vector>

int main() {
  constexpr std::size_t cells = 64, workers = 4, steps = 1000;
  std::vector<double> previous(cells + 2, 0.0), next(cells + 2, 0.0);
  previous[cells / 2] = 100.0;  // the ends stay at 0 and take heat away; the sum may only fall

  park::barrier step(workers, [&]() noexcept { std::swap(previous, next); });
  {
    std::vector<std::jthread> team;
    for (std::size_t worker = 0; worker < workers; ++worker) {
      team.emplace_back([&, first = 1 + worker * cells / workers, last = 1 + (worker + 1) * cells / workers] {
        for (std::size_t i = 0; i < steps; ++i) {
          for (std::size_t x = first; x < last; ++x)
            next[x] = (previous[x - 1] + 2 * previous[x] + previous[x + 1]) / 4;
          step.arrive_and_wait();
        }
      });
    }
  }

  // The same, by one thread.
  std::vector<double> expected(cells + 2, 0.0), scratch(cells + 2, 0.0);
  expected[cells / 2] = 100.0;
  for (std::size_t i = 0; i < steps; ++i) {
    for (std::size_t x = 1; x <= cells; ++x) scratch[x] = (expected[x - 1] + 2 * expected[x] + expected[x + 1]) / 4;
    std::swap(expected, scratch);
  }
  std::printf("middle of the rod after %zu steps: %.4f degrees\n", steps, previous[cells / 2]);
  return previous == expected ? 0 : 1;
}
