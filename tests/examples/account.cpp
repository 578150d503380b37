// One thread deposits 10 a hundred thousand times, another withdraws as often; a mutex keeps the balance right.
#include <cstdio>
#include <mutex>
#include <park/mutex.hpp>
#include <thread>

int main() {
  constexpr long start = 500, amount = 10;
  constexpr int times = 100'000;
  long balance = start;
  park::mutex access;  // guards balance

  const auto change_by = [&](long difference) {
    for (int i = 0; i < times; ++i) {
      const std::lock_guard hold(access);
      balance += difference;
    }
  };
  {
    const std::jthread depositor(change_by, amount), withdrawer(change_by, -amount);
  }

  std::printf("%ld after %d deposits and withdrawals of %ld\n", balance, times, amount);
  return balance == start ? 0 : 1;
}
