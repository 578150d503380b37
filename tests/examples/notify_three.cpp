// One notify_all reaches three waiters; and a wait for what never comes ends after its second.
#include <chrono>
#include <cstdio>
#include <mutex>
#include <park/condition_variable.hpp>
#include <park/mutex.hpp>
#include <park/thread.hpp>
#include <vector>

int main() {
  using namespace std::chrono_literals;
  park::mutex access;
  park::condition_variable changed;
  bool open = false;  // guarded by access, as is passed
  int passed = 0;

  std::vector<park::thread> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([&] {
      std::unique_lock hold(access);
      changed.wait(hold, [&] { return open; });
      ++passed;
    });
  }
  {
    const std::lock_guard hold(access);
    open = true;
    changed.notify_all();
  }
  waiters.clear();
  std::printf("%d passed\n", passed);

  const auto begin = std::chrono::steady_clock::now();
  std::unique_lock hold(access);
  const bool came = changed.wait_for(hold, 1s, [] { return false; });
  const bool in_time = std::chrono::steady_clock::now() - begin >= 1s;
  std::puts(came ? "it came" : "waited for a second, in vain");
  return passed == 3 && !came && in_time ? 0 : 1;
}
