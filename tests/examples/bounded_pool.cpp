// A pool of three connections shared by eight clients: a semaphore counts the free ones. A client that has waited long enough, or
// is asked to stop, goes without.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <park/semaphore.hpp>
#include <thread>
#include <vector>

int main() {
  using namespace std::chrono_literals;
  constexpr int connections = 3;
  park::counting_semaphore<connections> free(connections);
  std::atomic<int> in_use{0}, most{0}, served{0};

  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back([&] {
        if (!free.try_acquire_for(10s)) return;
        const int now = ++in_use;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        ++served;
        --in_use;
        free.release();
      });
    }
  }

  // Maintenance takes all three at once: all or nothing.
  free.acquire(connections);
  const bool nobody_else = !free.try_acquire();
  free.release(connections);

  std::printf("%d clients served, at most %d at once\n", served.load(), most.load());
  return served == 8 && most <= connections && nobody_else && free.available() == connections ? 0 : 1;
}
