// A finder of primes and a printer of them take turns, three ways: by a condition variable, by two semaphores, and by two events.
#include <cstdio>
#include <mutex>
#include <numeric>
#include <park/condition_variable.hpp>
#include <park/event.hpp>
#include <park/mutex.hpp>
#include <park/semaphore.hpp>
#include <park/thread.hpp>
#include <vector>

namespace {

constexpr int how_many = 10;

int next_prime(int after) {
  for (int candidate = after + 1;; ++candidate) {
    bool prime = candidate > 1;
    for (int divisor = 2; divisor * divisor <= candidate; ++divisor) prime = prime && candidate % divisor != 0;
    if (prime) return candidate;
  }
}

void print(std::vector<int>& printed, int prime) {
  std::printf("%d ", prime);
  printed.push_back(prime);
}

std::vector<int> by_a_condition_variable() {
  park::mutex access;
  park::condition_variable changed;
  bool found = false;  // guarded by access, as is prime
  int prime = 0;
  std::vector<int> printed;

  const park::thread finder([&] {
    for (int count = 0; count < how_many; ++count) {
      std::unique_lock hold(access);
      changed.wait(hold, [&] { return !found; });
      prime = next_prime(prime);
      found = true;
      changed.notify_one();
    }
  });
  for (int count = 0; count < how_many; ++count) {
    std::unique_lock hold(access);
    changed.wait(hold, [&] { return found; });
    print(printed, prime);
    found = false;
    changed.notify_one();
  }
  return printed;
}

std::vector<int> by_two_semaphores() {
  park::binary_semaphore wanted(1), found(0);
  int prime = 0;
  std::vector<int> printed;

  const park::thread finder([&] {
    for (int count = 0; count < how_many; ++count) {
      wanted.acquire();
      prime = next_prime(prime);
      found.release();
    }
  });
  for (int count = 0; count < how_many; ++count) {
    found.acquire();
    print(printed, prime);
    wanted.release();
  }
  return printed;
}

std::vector<int> by_two_events() {
  park::event wanted, found;
  int prime = 0;
  std::vector<int> printed;

  wanted.set();
  const park::thread finder([&] {
    for (int count = 0; count < how_many; ++count) {
      wanted.wait();
      wanted.clear();
      prime = next_prime(prime);
      found.set();
    }
  });
  for (int count = 0; count < how_many; ++count) {
    found.wait();
    found.clear();
    print(printed, prime);
    wanted.set();
  }
  return printed;
}

}  // namespace

int main() {
  bool right = true;
  for (auto* way : {by_a_condition_variable, by_two_semaphores, by_two_events}) {
    const std::vector<int> printed = way();
    std::puts("");
    right = right && std::accumulate(printed.begin(), printed.end(), 0) == 2 + 3 + 5 + 7 + 11 + 13 + 17 + 19 + 23 + 29;
  }
  return right ? 0 : 1;
}
