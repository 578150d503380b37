// A pool of three connections shared by eight clients, written against the standard library alone.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

namespace {

template <class Semaphore>
class permit {
 public:
  explicit permit(Semaphore& semaphore) : semaphore_(semaphore) { semaphore_.acquire(); }
  permit(const permit&) = delete;
  permit& operator=(const permit&) = delete;
  ~permit() { semaphore_.release(); }

 private:
  Semaphore& semaphore_;
};

}  // namespace

int main() {
  using namespace std;
  using namespace std::chrono_literals;
  constexpr int connections = 3, clients = 8, requests = 200;
  counting_semaphore<connections> free(connections);
  binary_semaphore log(1);
  atomic<int> in_use{0}, most{0};
  int served = 0;

  vector<thread> team;
  for (int i = 0; i < clients; ++i) {
    team.emplace_back([&] {
      for (int request = 0; request < requests; ++request) {
        const permit connection(free);
        const int now = ++in_use;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        {
          const permit writer(log);
          ++served;
        }
        --in_use;
      }
    });
  }
  for (thread& client : team) client.join();

  const bool all_back = free.try_acquire() && free.try_acquire_for(0s) &&
                        free.try_acquire_until(chrono::steady_clock::now()) && !free.try_acquire();
  printf("%d requests served, at most %d at once\n", served, most.load());
  return served == clients * requests && most <= connections && all_back ? 0 : 1;
}
