// Heat spreads along a rod, written against the standard library alone; the barrier's completion step swaps old and new.
#include <barrier>
#include <cstddef>
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

int main() {
  constexpr std::size_t cells = 64, workers = 4, steps = 200;
  std::vector<double> previous(cells + 2, 0.0), next(cells + 2, 0.0);
  previous[cells / 2] = 100.0;

  std::barrier step(workers, [&]() noexcept { std::swap(previous, next); });
  std::vector<std::thread> team;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    team.emplace_back([&, first = 1 + worker * cells / workers, last = 1 + (worker + 1) * cells / workers] {
      for (std::size_t i = 0; i < steps; ++i) {
        for (std::size_t x = first; x < last; ++x) next[x] = (previous[x - 1] + 2 * previous[x] + previous[x + 1]) / 4;
        step.wait(step.arrive());
      }
      step.arrive_and_drop();
    });
  }
  for (std::thread& worker : team) worker.join();

  // The same, by one thread. Dropping out was one phase more, with a swap and no step.
  std::vector<double> expected(cells + 2, 0.0), scratch(cells + 2, 0.0);
  expected[cells / 2] = 100.0;
  for (std::size_t i = 0; i < steps; ++i) {
    for (std::size_t x = 1; x <= cells; ++x) scratch[x] = (expected[x - 1] + 2 * expected[x] + expected[x + 1]) / 4;
    std::swap(expected, scratch);
  }
  std::printf("middle of the rod after %zu steps: %.4f degrees\n", steps, next[cells / 2]);
  return next == expected ? 0 : 1;
}
