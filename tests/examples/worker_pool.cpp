// A pool of workers that is given work in batches: wait_done() returns when all of a batch is done, and the workers stay for the next.
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <numeric>
#include <optional>
#include <vector>

#include "park/bounded_queue.hpp"
#include "park/thread.hpp"

int main() {
  constexpr int workers = 3, batches = 4, size = 100;
  park::bounded_queue<int> numbers(16);
  std::vector<long> squares(size);
  bool right = true;
  {
    std::vector<park::thread> pool;
    for (int worker = 0; worker < workers; ++worker) {
      pool.emplace_back([&] {
        while (const std::optional<int> mine = numbers.pop()) {
          squares[static_cast<std::size_t>(*mine)] += long{*mine} * *mine;
          numbers.task_done();
        }
      });
    }
    std::vector<int> batch(size);
    std::iota(batch.begin(), batch.end(), 0);
    for (int number = 1; number <= batches; ++number) {
      numbers.push_range(batch);
      numbers.wait_done();
      // What the workers wrote is visible here, though no lock guards it.
      const long sum = std::accumulate(squares.begin(), squares.end(), 0L);
      std::printf("after batch %d: %ld\n", number, sum);
      right = right && sum == number * 328350L;
    }
    numbers.close();
  }  // the workers find it closed, and are joined

  // What nobody took is still there.
  park::bounded_queue<int> left(4);
  const std::size_t pushed = left.try_push_range({1, 2, 3, 4, 5});
  std::vector<int> drained;
  left.drain(std::back_inserter(drained), 3);
  right = right && pushed == 4 && drained == std::vector<int>{1, 2, 3};
  std::puts(right ? "right" : "wrong");
  return right ? 0 : 1;
}
