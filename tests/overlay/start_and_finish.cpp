// Two latches, one to start the workers and one to tell that all are done, written against the standard library alone.
#include <cstddef>
#include <cstdio>
#include <latch>
#include <numeric>
#include <thread>
#include <vector>

int main() {
  constexpr std::ptrdiff_t workers = 4;
  std::latch start(1);
  std::latch done(workers);
  std::vector<int> squares(workers);

  std::vector<std::thread> team;
  for (int i = 0; i < workers; ++i) {
    team.emplace_back([&, i] {
      start.wait();
      squares[static_cast<std::size_t>(i)] = i * i;
      done.count_down();  // publishes the square to whoever waits
    });
  }
  start.count_down();
  done.wait();
  const int sum = std::accumulate(squares.begin(), squares.end(), 0);
  for (std::thread& worker : team) worker.join();

  std::printf("0 + 1 + 4 + 9 = %d\n", sum);
  return sum == 14 ? 0 : 1;
}
