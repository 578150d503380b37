// Two latches: one holds the workers back until everything is ready, one tells when all of them are done.
#include <cstdio>
#include <numeric>
#include <park/latch.hpp>
#include <thread>
#include <vector>

int main() {
  constexpr int workers = 4;
  park::latch start(1);
  park::latch done(workers);
  std::vector<int> squares(workers);

  std::vector<std::jthread> team;
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
  std::printf("0 + 1 + 4 + 9 = %d\n", sum);
  return sum == 14 ? 0 : 1;
}
