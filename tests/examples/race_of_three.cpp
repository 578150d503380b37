// Three runners start together and meet at each mark: a cyclic barrier with an action. Then one does not come, and five others wait for
// it in vain, until somebody breaks the barrier.
#include <atomic>
#include <cstdio>
#include <park/cyclic_barrier.hpp>
#include <thread>
#include <vector>

int main() {
  constexpr int runners = 3, marks = 4;
  int passed = 0;  // the action alone writes it, one at a time
  std::atomic<int> last{0};
  {
    park::cyclic_barrier mark(runners, [&] { std::printf("all at mark %d\n", ++passed); });
    std::vector<std::jthread> race;
    for (int i = 0; i < runners; ++i) {
      race.emplace_back([&] {
        for (int each = 0; each < marks; ++each) {
          if (mark.wait() == 0) ++last;  // the index of whoever came last
        }
      });
    }
  }

  constexpr int waiters = 5;
  park::cyclic_barrier meeting(waiters + 1);
  std::atomic<int> broken{0};
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < waiters; ++i) {
      crowd.emplace_back([&] {
        try {
          meeting.wait();
        } catch (const park::broken_barrier_error&) {
          ++broken;
        }
      });
    }
    while (meeting.n_waiting() < waiters) std::this_thread::yield();
    meeting.abort();
  }
  std::printf("%d of %d were told that nobody comes\n", broken.load(), waiters);
  return passed == marks && last == marks && broken == waiters && meeting.broken() ? 0 : 1;
}
